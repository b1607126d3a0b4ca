using Robotics.Learner.Bench;

namespace Robotics.Cli.Bench;

/// <summary><c>robotics bench sac</c>: rounds of our learner and of PyTorch in turns, so that a busy moment of the machine hits both.</summary>
internal static class SacComparison
{
    private const int Rounds = 5; // the median counts
    private const int OurUpdates = 40;
    private const int PeerUpdates = 20;

    /// <summary>Measures all four settings.</summary>
    public static SacFigures Run()
    {
        (double rate, double? one, string peer) = Compare(critics: 2, threads: 1);
        return new SacFigures(rate, peer)
        {
            Ratio1Thread2Critics = one,
            Ratio2Threads2Critics = Compare(critics: 2, threads: 2).Ratio,
            Ratio1Thread10Critics = Compare(critics: 10, threads: 1).Ratio,
            Ratio2Threads10Critics = Compare(critics: 10, threads: 2).Ratio,
        };
    }

    // One thread: CPU seconds. Two: wall seconds, and the peer may use its threads in OpenMP or in BLAS, whichever is faster.
    private static (double Rate, double? Ratio, string Peer) Compare(int critics, int threads)
    {
        using var ours = new SacBench(critics, threads);
        int scale = critics / 2;
        TorchPeer?[] peers = [Start(critics, threads, blasThreads: 1), threads > 1 ? Start(critics, 1, threads) : null];
        double[] rates = new double[Rounds];
        double[][] times = [new double[Rounds], new double[Rounds]];
        for (int round = 0; round < Rounds; round++)
        {
            int updates = OurUpdates / scale;
            rates[round] = updates / Seconds(ours.Run(updates), threads);
            for (int i = 0; i < peers.Length; i++)
                times[i][round] = peers[i] is { } p ? Seconds(p.Run(PeerUpdates / scale), threads) / (PeerUpdates / scale) : double.PositiveInfinity;
        }
        double peerTime = Math.Min(Median(times[0]), Median(times[1]));
        string name = peers[0] is { } first ? $"{first.Name}, BLAS {first.Blas}" : "none: python3-torch is not on this machine";
        foreach (TorchPeer? p in peers)
            p?.Dispose();
        return (Median(rates), double.IsFinite(peerTime) ? Median(rates) * peerTime : null, name);
    }

    private static TorchPeer? Start(int critics, int threads, int blasThreads) =>
        TorchPeer.TryStart("sac_torch.py", threads, blasThreads, $"{threads}", $"{critics}");

    private static double Seconds((double CpuS, double WallS) time, int threads) => threads == 1 ? time.CpuS : time.WallS;

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
