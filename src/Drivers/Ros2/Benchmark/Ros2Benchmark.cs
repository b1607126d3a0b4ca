using Robotics.Core;
using Robotics.Drivers.Ros2.Messages.SensorMsgs;

namespace Robotics.Drivers.Ros2;

/// <summary>Imu round trip and throughput against a Cyclone DDS peer in C, over UDP loopback between processes, same libddsc.</summary>
/// <remarks>
/// Round trip: ours to a C peer and back, against a C peer to a C peer and back. Throughput: a C peer sends, we receive and decode every
/// field, against a C peer that receives. So one side of each pair differs and everything else is the same.
/// </remarks>
public static class Ros2Benchmark
{
    private const int WarmUp = 2000; // tiered compilation has replaced the first code by then; the C peer does as many
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <summary>Builds the peer from bench/ros2/peers into <paramref name="folder"/>.</summary>
    /// <returns>False with <paramref name="problem"/> where a tool or package is missing.</returns>
    public static bool TryBuildPeer(string sources, string folder, out string binary, out string problem)
    {
        Directory.CreateDirectory(folder);
        binary = Path.Combine(folder, "cyclone_peer");
        foreach (string name in (string[])["Ros.idl", "cyclone_peer.c"])
            File.Copy(Path.Combine(sources, name), Path.Combine(folder, name), overwrite: true);
        problem = PeerProcess.Run("idlc", folder, "Ros.idl")
            ?? PeerProcess.Run("gcc", folder, "-O2", "-I.", "-o", "cyclone_peer", "cyclone_peer.c", "Ros.c", "-lddsc")
            ?? "";
        return problem.Length == 0;
    }

    /// <summary>Measures.</summary>
    /// <param name="peer">The built peer.</param>
    /// <param name="domain">A domain nobody else uses.</param>
    /// <param name="clock">Monotonic clock.</param>
    /// <param name="rounds">Times that ours and theirs are run in turn.</param>
    /// <param name="trips">Round trips per round.</param>
    /// <param name="messages">Messages per round of throughput.</param>
    public static Ros2BenchmarkResult Run(string peer, int domain, IClock clock, int rounds = 5, int trips = 20_000, int messages = 200_000)
    {
        ArgumentNullException.ThrowIfNull(clock);
        using var context = new RosContext(PeerProcess.Loopback(domain), clock);
        using RosNode node = context.CreateNode("benchmark");
        var ours = new List<(double Rtt, double Rate, double Bytes)>();
        var theirs = new List<(double Rtt, double Rate)>();
        long gaps = 0;
        for (int r = 0; r < rounds; r++)
        {
            double rtt = RoundTrip(node, peer, domain, clock, trips);
            double theirRtt = TheirRoundTrip(peer, domain, trips);
            (double rate, double bytes, long missing) = Throughput(node, peer, domain, clock, messages);
            double theirRate = TheirThroughput(peer, domain, messages);
            gaps += missing;
            ours.Add((rtt, rate, bytes));
            theirs.Add((theirRtt, theirRate));
        }
        return new Ros2BenchmarkResult(
            Median(ours.Select(o => o.Rtt)),
            Median(ours.Zip(theirs, (o, t) => o.Rtt / t.Rtt)),
            Median(ours.Select(o => o.Rate)),
            Median(ours.Zip(theirs, (o, t) => o.Rate / t.Rate)),
            ours.Max(o => o.Bytes),
            Median(theirs.Select(t => t.Rtt)),
            Median(theirs.Select(t => t.Rate)),
            gaps);
    }

    // The receiving thread answers itself, so that no thread hand-over is measured that a robot would not have either.
    private static double RoundTrip(RosNode node, string peer, int domain, IClock clock, int trips)
    {
        using var pong = new PeerProcess(peer, domain, "pong", 0);
        using Publisher<Imu> publisher = node.CreatePublisher<Imu>("/ping");
        using var done = new ManualResetEventSlim();
        var message = new Imu { Header = { FrameId = "imu_link" }, Orientation = { W = 1 } };
        var ns = new long[trips];
        int next = -WarmUp;
        long sentNs = 0;
        void OnPong(Imu back)
        {
            if (back.Header.Stamp.Sec != next)
                return; // a probe
            if (next >= 0)
                ns[next] = clock.NowNs - sentNs;
            if (++next == trips)
                done.Set();
            else
                Send();
        }
        void Send()
        {
            message.Header.Stamp.Sec = next;
            sentNs = clock.NowNs;
            publisher.TryPublish(message);
        }
        using Subscription subscription = node.CreateSubscription<Imu>("/pong", OnPong);
        Await(() => publisher.Subscribers > 0 && subscription.Publishers > 0, clock);
        Probe(publisher, subscription, clock);
        Send();
        if (!done.Wait(s_limit))
            throw new TimeoutException($"ping {next} of {trips} was not answered");
        Array.Sort(ns);
        return ns[trips / 2] / 1e3;
    }

    // Until the peer has seen our reader, too, its answers are lost.
    private static void Probe(Publisher<Imu> publisher, Subscription subscription, IClock clock)
    {
        var probe = new Imu { Header = { Stamp = { Sec = int.MinValue } } };
        Await(() => publisher.TryPublish(probe) && subscription.Received > 0, clock);
    }

    private static (double PerSecond, double BytesPerMessage, long Gaps) Throughput(RosNode node, string peer, int domain, IClock clock, int messages)
    {
        using var done = new ManualResetEventSlim();
        long count = 0, gaps = 0, firstNs = 0, lastNs = 0, firstBytes = 0, lastBytes = 0;
        int warm = messages / 10; // the first tenth compiles and grows buffers: timed, but its allocations are not the steady state
        void OnImu(Imu m)
        {
            if (count == 0)
                firstNs = clock.NowNs;
            if (count == warm)
                firstBytes = GC.GetAllocatedBytesForCurrentThread();
            if (m.Header.Stamp.Sec != count)
                gaps++;
            if (++count != messages)
                return;
            lastBytes = GC.GetAllocatedBytesForCurrentThread();
            lastNs = clock.NowNs;
            done.Set();
        }
        using Subscription subscription = node.CreateSubscription<Imu>("/throughput", OnImu, QosProfile.KeepAll);
        using var sender = new PeerProcess(peer, domain, "send", messages);
        if (!done.Wait(s_limit))
            throw new TimeoutException($"{count} of {messages} messages came");
        return ((messages - 1) / ((lastNs - firstNs) / 1e9), (double)(lastBytes - firstBytes) / (messages - warm), gaps);
    }

    private static double TheirRoundTrip(string peer, int domain, int trips)
    {
        using var pong = new PeerProcess(peer, domain, "pong", 0);
        using var ping = new PeerProcess(peer, domain, "ping", trips);
        return ping.Result()[0];
    }

    private static double TheirThroughput(string peer, int domain, int messages)
    {
        using var receiver = new PeerProcess(peer, domain, "receive", messages);
        using var sender = new PeerProcess(peer, domain, "send", messages);
        return receiver.Result()[0];
    }

    private static void Await(Func<bool> condition, IClock clock)
    {
        using var never = new ManualResetEventSlim();
        long deadline = clock.NowNs + (long)s_limit.TotalNanoseconds;
        while (!condition())
        {
            if (clock.NowNs > deadline)
                throw new TimeoutException("the C peer was not discovered");
            never.Wait(5);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
