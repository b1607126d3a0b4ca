using Robotics.Transport;

namespace Robotics.Learner.Tests;

/// <summary>How long a bundle that was overtaken can still be fetched: by time, not by how many came after it.</summary>
public sealed class PolicyShelfTests
{
    private const long Second = 1_000_000_000;
    private readonly PolicyShelf _shelf = new();

    [Fact]
    public void TryPiece_BundleSomebodyFetches_StaysHoweverManyFollow()
    {
        Put(1, 0);
        for (byte version = 2; version < 200; version++)
        {
            Put(version, version * Second / 20); // 20 versions a second
            Assert.True(Asks(1, version * Second / 20), $"gone after {version} versions");
        }
    }

    // The pause between two questions of one edge may be longer than the time in which eight versions come.
    [Fact]
    public void TryPiece_AskedForOnceASecond_StaysWhileNobodyAsksForTheOthers()
    {
        Put(1, 0);
        for (byte version = 2; version < 200; version++)
        {
            Put(version, version * Second / 20);
            if (version % 7 == 0) // eight fit, two of them always the newest
                Assert.True(Asks(1, version * Second / 20), $"gone after {version} versions");
        }
    }

    [Fact]
    public void Put_TwoSecondsAfterTheLastQuestion_DropsTheBundle()
    {
        Put(1, 0);
        Put(2, 0);
        Put(3, 0);
        Assert.True(Asks(1, Second));
        Put(4, 3 * Second);
        Assert.True(Asks(1, 3 * Second)); // exactly two seconds: still there
        Put(5, (5 * Second) + 1);
        Assert.False(Asks(1, 6 * Second));
    }

    [Fact]
    public void Put_AfterALongTime_KeepsTheNewestTwo()
    {
        Put(1, 0);
        Put(2, 100 * Second);
        Assert.True(Asks(1, 200 * Second));
        Put(3, 300 * Second);
        Assert.True(Asks(3, 300 * Second) && Asks(2, 300 * Second));
        Assert.False(Asks(1, 300 * Second));
    }

    [Fact]
    public void Put_ManyAtOnce_IsBounded()
    {
        for (byte version = 1; version <= 100; version++)
            Put(version, 0);
        Assert.Equal(8, Enumerable.Range(1, 100).Count(v => Asks((byte)v, 0)));
    }

    private void Put(byte version, long nowNs) => _shelf.Put(new byte[] { version }, Hash(version), default, nowNs);

    private bool Asks(byte version, long nowNs) =>
        _shelf.TryPiece(Hash(version), 0, nowNs, out ReadOnlySpan<byte> piece) && piece.SequenceEqual([version]);

    private static byte[] Hash(byte version)
    {
        var hash = new byte[PolicyAnnounceMessage.HashLength];
        hash[0] = version;
        return hash;
    }
}
