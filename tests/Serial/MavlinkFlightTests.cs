using System.Text;
using Robotics.Core;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

public sealed class MavlinkFlightTests
{
    private const string ArduPilot = "mavlink/ardupilot_copter_46dev_flight.rx.bin";
    private const string Px4 = "mavlink/px4_sih_main20260813_offboard.rx.bin";

    [Theory]
    [InlineData(ArduPilot, 13_265, 12, 164)]
    [InlineData(Px4, 40_678, 39, 0)]
    public void Scan_RecordedFlight_ExplainsEveryByte(string file, int messages, int kinds, int consoleBytes)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.Require(file));
        var scanner = new MavlinkScanner();
        Dictionary<uint, int> counts = Count(scanner, bytes, chunk: 1500);
        Assert.Equal(messages, counts.Values.Sum());
        Assert.Equal(kinds, counts.Count);
        Assert.Equal((0L, 0L, (long)consoleBytes), (scanner.CheckFailures, scanner.UnknownMessages, scanner.SkippedBytes));
        if (consoleBytes > 0)
            Assert.StartsWith("\n\nInit ArduCopter V4.6.0-dev", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ArduPilot)]
    [InlineData(Px4)]
    public void Scan_OneByteAtATime_GivesTheSameFramesAsLargeReads(string file)
    {
        byte[] bytes = File.ReadAllBytes(SharedData.Require(file))[..300_000];
        // Damaged in places, so that the search for the next frame is exercised too.
        var random = new SeededRandom(3, "damage");
        for (int i = 0; i < 300; i++)
            bytes[random.NextInt(bytes.Length)] ^= (byte)(1 + random.NextInt(255));
        var whole = new MavlinkScanner();
        var single = new MavlinkScanner();
        Assert.Equal(Digest(whole, bytes, 2000), Digest(single, bytes, 1));
        Assert.Equal((whole.SkippedBytes, whole.CheckFailures), (single.SkippedBytes, single.CheckFailures));
        Assert.True(whole.CheckFailures > 50);
    }

    private static Dictionary<uint, int> Count(MavlinkScanner scanner, byte[] bytes, int chunk)
    {
        var counts = new Dictionary<uint, int>();
        ForEach(scanner, bytes, chunk, id => counts[id] = counts.GetValueOrDefault(id) + 1);
        return counts;
    }

    private static string Digest(MavlinkScanner scanner, byte[] bytes, int chunk)
    {
        var text = new StringBuilder();
        ForEach(scanner, bytes, chunk, id => text.Append(id).Append(','));
        return text.ToString();
    }

    private static void ForEach(MavlinkScanner scanner, byte[] bytes, int chunk, Action<uint> seen)
    {
        for (int at = 0; at < bytes.Length;)
        {
            Span<byte> free = scanner.Free;
            int n = Math.Min(Math.Min(chunk, free.Length), bytes.Length - at);
            bytes.AsSpan(at, n).CopyTo(free);
            scanner.Commit(n);
            at += n;
            while (scanner.TryNext(out MavlinkFrame frame))
                seen(frame.Id);
        }
    }
}
