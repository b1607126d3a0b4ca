using Robotics.Learner.Bench.Stream;
using Robotics.Tasks;

namespace Robotics.Cli.Bench;

/// <summary><c>robotics bench stream</c>: one step of stream-AC, beside PyTorch's, and on request what the same learner learns.</summary>
internal static class StreamComparison
{
    private const int PeerSteps = 200;
    private const int PeerRounds = 5;

    /// <summary>What a step costs; the ratio is null where PyTorch is not on the machine.</summary>
    public static object Cost()
    {
        StreamFigures figures = StreamBenchmark.Measure();
        using TorchPeer? peer = TorchPeer.TryStart("stream_torch.py", threads: 1, blasThreads: 1);
        double[] times = [.. Enumerable.Range(0, peer is null ? 0 : PeerRounds).Select(_ => peer!.Run(PeerSteps).CpuS / PeerSteps * 1e6).Order()];
        return new
        {
            figures.StepUs,
            p999_us = figures.P999Us,
            p999_wall_us = figures.P999WallUs,
            floor_p999_us = figures.FloorP999Us,
            figures.AllocatedBytes,
            Ratio = times.Length == 0 ? (double?)null : times[PeerRounds / 2] / figures.StepUs,
            Peer = peer is null ? "none: python3-torch is not on this machine" : $"{peer.Name}, BLAS {peer.Blas}",
        };
    }

    /// <summary>What that learner learns from the stream alone (minutes).</summary>
    public static object Learning(int seeds)
    {
        SimulatedQuadrotorTask hover = SimulatedQuadrotorTask.Load(
            Installation.PathOf("hardware/sim-quad-ltf-crazyflie/robot.yaml"), Installation.PathOf("tasks/hover-stream.yaml"));
        ulong[] all = [.. Enumerable.Range(1, seeds).Select(s => (ulong)s)];
        return new
        {
            pendulum_return = all.Select(seed => StreamBenchmark.LearnPendulum(seed)).ToArray(),
            hover_length = all.Select(seed => StreamBenchmark.LearnHover(hover, seed)).ToArray(),
        };
    }
}
