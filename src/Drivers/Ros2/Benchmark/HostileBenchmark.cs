using Robotics.Core;

namespace Robotics.Drivers.Ros2;

/// <summary>Floods every topic that a driver subscribes to with <see cref="HostilePayloads"/> over DDS and accounts for each of them.</summary>
/// <remarks>In turn: a few samples to each topic, no more than a best-effort reader keeps, until the driver has counted them.</remarks>
public static class HostileBenchmark
{
    private const int Burst = 4; // sensor data keeps 5: one more would be overwritten unseen
    private const int BurstsPerOversized = 5000; // an oversized sample costs milliseconds
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Floods.</summary>
    /// <param name="driver">A connected driver; nobody else publishes its topics.</param>
    /// <param name="attacker">A node of another participant in the same domain.</param>
    /// <param name="samples">Payloads to send.</param>
    /// <param name="seed">Seed of the payloads.</param>
    /// <param name="clock">Monotonic clock.</param>
    public static HostileResult Run(Ros2Driver driver, RosNode attacker, long samples, ulong seed, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(attacker);
        ArgumentNullException.ThrowIfNull(clock);
        IReadOnlyList<TopicHealth> topics = driver.Health();
        RawPublisher[] publishers = [.. topics.Select(t => attacker.CreateRawPublisher(t.Topic, t.Type, QosProfile.Default))];
        Await(() => publishers.All(p => p.Subscribers > 0), clock, "the driver does not listen");
        var payloads = new HostilePayloads(driver.Settings.Options.Interfaces, [.. topics.Select(t => t.Type)], seed);
        var oversized = new byte[driver.Settings.Options.MaxSampleBytes + 64];
        oversized[1] = 1; // plain CDR, little endian
        long sent = 0;
        for (long burst = 0; sent < samples; burst++)
        {
            for (int t = 0; t < publishers.Length && sent < samples; t++)
                sent += Send(publishers[t], payloads, t, oversized, burst % BurstsPerOversized == t);
            Await(() => Counted(driver) == sent, clock, $"{sent - Counted(driver)} of {sent} samples are not accounted for");
        }
        HostileResult result = Sum(sent, driver);
        bool reads = ReadsAgain(driver, publishers, payloads, clock);
        foreach (RawPublisher p in publishers)
            p.Dispose();
        return result with { ReadsAfterwards = reads };
    }

    private static long Send(RawPublisher publisher, HostilePayloads payloads, int type, byte[] oversized, bool withOversized)
    {
        long sent = 0;
        for (int i = 0; i < Burst; i++)
        {
            ReadOnlySpan<byte> payload = withOversized && i == 0 ? oversized : payloads.Next(type);
            sent += publisher.TryPublish(payload) ? 1 : 0;
        }
        return sent;
    }

    private static bool ReadsAgain(Ros2Driver driver, RawPublisher[] publishers, HostilePayloads payloads, IClock clock)
    {
        long before = driver.Health().Sum(h => h.Received);
        for (int t = 0; t < publishers.Length; t++)
            publishers[t].TryPublish(payloads.SoundOf(t).Span);
        Await(() => driver.Health().Sum(h => h.Received) >= before + publishers.Length, clock, "sound messages no longer arrive");
        return true;
    }

    private static long Counted(Ros2Driver driver)
    {
        long sum = 0;
        foreach (TopicHealth h in driver.Health())
            sum += h.Received + h.Malformed + h.Oversized;
        return sum;
    }

    private static HostileResult Sum(long sent, Ros2Driver driver)
    {
        IReadOnlyList<TopicHealth> health = driver.Health();
        return new HostileResult(
            sent, health.Sum(h => h.Malformed), health.Sum(h => h.Oversized), health.Sum(h => h.OtherFrame), health.Sum(h => h.Incomplete),
            driver.Node!.Context.HandlerFailures, ReadsAfterwards: false);
    }

    private static void Await(Func<bool> condition, IClock clock, string otherwise)
    {
        var spin = new SpinWait();
        long deadline = clock.NowNs + (long)s_limit.TotalNanoseconds;
        while (!condition())
        {
            if (clock.NowNs > deadline)
                throw new TimeoutException($"not within {s_limit.TotalSeconds} s: {otherwise}");
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
