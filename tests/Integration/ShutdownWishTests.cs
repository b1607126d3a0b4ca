using System.Runtime.InteropServices;
using Robotics.Cli;

namespace Robotics.Integration.Tests;

/// <summary>Which signals are one wish, and which a second: between the two a robot is in the air.</summary>
public sealed class ShutdownWishTests
{
    private const PosixSignal PassedOn = (PosixSignal)ShutdownSignal.PassedOn;
    private readonly ShutdownWish _wish = new();
    private double _seconds = 1000;

    // A terminal's Ctrl-C reaches control itself; robotics run passes it on as it gets to it, half a second later or more.
    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGHUP)]
    public void Hear_WishAndRunsPassingOn_IsOneWish(PosixSignal signal)
    {
        Assert.Equal(ShutdownUrgency.InOrder, Hear(signal));
        Assert.Equal(ShutdownUrgency.Known, Hear(PassedOn, after: 0.7));
        Assert.Equal(ShutdownUrgency.Known, Hear(PassedOn, after: 5));
    }

    // A closed terminal hangs up, its shell hangs up on its jobs, and a service's end terminates.
    [Fact]
    public void Hear_HangUpsAndWhatElseComesOnce_IsOneWish()
    {
        Assert.Equal(ShutdownUrgency.InOrder, Hear(PosixSignal.SIGHUP));
        Assert.Equal(ShutdownUrgency.Known, Hear(PosixSignal.SIGHUP, after: 2));
        Assert.Equal(ShutdownUrgency.Known, Hear(PosixSignal.SIGHUP, after: 2));
        Assert.Equal(ShutdownUrgency.Known, Hear(PosixSignal.SIGTERM, after: 2));
        Assert.Equal(ShutdownUrgency.Known, Hear(PosixSignal.SIGINT, after: 2));
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public void Hear_PersonAsksTwiceTheSameWay_IsAtOnce(PosixSignal signal)
    {
        Assert.Equal(ShutdownUrgency.InOrder, Hear(signal));
        Assert.Equal(ShutdownUrgency.Known, Hear(PassedOn, after: 0.1));
        Assert.Equal(ShutdownUrgency.Known, Hear(signal, after: 0.3)); // timeout(1) signals process and group
        Assert.Equal(ShutdownUrgency.AtOnce, Hear(signal, after: 0.2));
    }

    // Run hears the first Ctrl-C before control listens.
    [Fact]
    public void Hear_PassedOnFirst_ThenAPersonOnce_IsOneWish()
    {
        Assert.Equal(ShutdownUrgency.InOrder, Hear(PassedOn));
        Assert.Equal(ShutdownUrgency.Known, Hear(PosixSignal.SIGINT, after: 3));
        Assert.Equal(ShutdownUrgency.AtOnce, Hear(PosixSignal.SIGINT, after: 3));
    }

    private ShutdownUrgency Hear(PosixSignal signal, double after = 0) => _wish.Hear(signal, (long)((_seconds += after) * 1e9));
}
