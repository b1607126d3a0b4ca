using Microsoft.Win32.SafeHandles;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>`bench link`: what the experience path carries, from the control thread's ring to the learner's disk, and what bare ZeroMQ and the bare disk do.</summary>
internal static class LinkBench
{
    private const int RawMessages = 1_000_000;
    private const long CommitIntervalNs = 100_000_000; // the default of SpoolOptions

    /// <summary>32 floats of state, 8 of action: the size in the issue.</summary>
    private static readonly TransitionSchema State = new("bench-state", 1, 32, 0, 8, 0);

    /// <summary>Two cameras of 128 x 128 x 3 bytes, each frame stored once.</summary>
    private static readonly TransitionSchema Image = new("bench-image", 1, 32, 0, 8, 0, 2 * 128 * 128 * 3);

    /// <summary>Runs all parts, one after the other.</summary>
    public static LinkBenchResult Run(LinkBenchOptions options)
    {
        PathBench.Outcome state = PathBench.Run(State, options.StateTransitions, Path.Combine(options.Folder, "state"), useCurve: true);
        double disk = DiskMegabytesPerS(Image, options.ImageTransitions, options.Folder);
        PathBench.Outcome image = PathBench.Run(Image, options.ImageTransitions, Path.Combine(options.Folder, "image"), useCurve: false);
        double imageMb = image.PerS * Image.RecordLength / 1e6;
        return new LinkBenchResult(
            Math.Round(state.PerS), Math.Round(imageMb, 1), Math.Round(disk, 1), Math.Round(imageMb / disk, 3), Math.Round(state.EnqueueP99Us, 3),
            state.AllocatedBytes, Math.Round(RawZeroMq(State.RecordLength)), state.Lost + image.Lost);
    }

    private static double DiskMegabytesPerS(TransitionSchema schema, int count, string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "plain");
        var record = new byte[schema.RecordLength];
        long start = MonotonicClock.Instance.NowNs, synced = start;
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (int i = 0; i < count; i++)
            {
                RandomAccess.Write(file, record, (long)i * record.Length);
                if (MonotonicClock.Instance.NowNs - synced < CommitIntervalNs)
                    continue;
                RandomAccess.FlushToDisk(file);
                synced = MonotonicClock.Instance.NowNs;
            }
            RandomAccess.FlushToDisk(file);
        }
        double seconds = (MonotonicClock.Instance.NowNs - start) * 1e-9;
        File.Delete(path);
        return (double)count * record.Length / 1e6 / seconds;
    }

    private static double RawZeroMq(int length)
    {
        using var context = new ZmqContext();
        using var pull = new ZmqSocket(context, ZmqSocketKind.Pull, new ZmqSocketOptions { ReceiveHighWater = 10_000 });
        pull.Bind("tcp://127.0.0.1:*");
        string endpoint = pull.LastEndpoint;
        var sender = new Thread(() => SendRaw(context, endpoint, length)) { IsBackground = true };
        using var message = new ZmqMessage();
        sender.Start();
        while (!pull.TryReceive(message))
            ZmqSocket.Wait([pull], 100);
        long start = MonotonicClock.Instance.NowNs;
        for (int received = 1; received < RawMessages;)
        {
            if (pull.TryReceive(message))
                received++;
            else
                ZmqSocket.Wait([pull], 100);
        }
        double seconds = (MonotonicClock.Instance.NowNs - start) * 1e-9;
        sender.Join();
        return RawMessages / seconds;
    }

    private static void SendRaw(ZmqContext context, string endpoint, int length)
    {
        using var push = new ZmqSocket(context, ZmqSocketKind.Push, new ZmqSocketOptions { SendHighWater = 10_000, LingerMs = 10_000 });
        push.Connect(endpoint);
        var frame = new byte[length];
        for (int sent = 0; sent < RawMessages;)
        {
            if (push.TrySend(frame))
                sent++;
            else
                Thread.Yield();
        }
    }
}
