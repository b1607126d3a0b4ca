using Robotics.Cli.Bench;
using Robotics.Policies;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.WallClock;

/// <summary>A control process that is told to end in flight, its vehicle a process of its own at the other end of a pseudo-terminal.</summary>
[Collection(WallClockCollection.Name)]
public sealed class ClosingProcessTests
{
    [Fact]
    public void Control_ToldToEndInFlight_LandsAndDisarmsFirst()
    {
        using var folder = new TemporaryFolder();
        using ReactionFlight flight = TakenOff(folder);
        flight.Control.Terminate();
        bool stopped = false;
        bool ended = flight.Watch(
            () =>
            {
                stopped |= flight.Status.Action == SafetyAction.ControlledStop && flight.Status.Causes.HasFlag(SafetyCauses.Shutdown);
                return flight.Control.HasExited;
            },
            seconds: 90);
        Assert.True(ended, $"still there: {flight.Status.Action}, {flight.Device}");
        Assert.True(stopped);
        Assert.Equal(0, flight.Control.ExitCode);
        Assert.True(flight.Watch(() => !flight.Device.Armed, 10), $"{flight.Device}");
        Assert.InRange(flight.Device.Z, -0.05, 0.15);
        if (flight.Status.Stalls == 0) // 25 ms without a tick; the device's own timeout is 300 ms, and a busy machine may need it
            Assert.NotEqual("hold", flight.Device.Mode, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void Control_ToldAgain_EndsAtOnceInTheAir()
    {
        using var folder = new TemporaryFolder();
        using ReactionFlight flight = TakenOff(folder);
        flight.Control.Terminate();
        Assert.True(flight.Watch(() => flight.Status.Action == SafetyAction.ControlledStop, 20), $"{flight.Status.Action}");
        bool ended = flight.Watch(
            () =>
            {
                flight.Control.Terminate(); // what comes within half a second is the same wish
                return flight.Control.HasExited;
            },
            seconds: 20);
        Assert.True(ended);
        Assert.NotEqual(0, flight.Control.ExitCode);
        Assert.Equal(SafetyAction.ControlledStop, flight.Status.Action); // it did not get as far as cutting the power on the ground
        Assert.True(flight.Device.Armed, $"{flight.Device}");
    }

    private static ReactionFlight TakenOff(TemporaryFolder folder)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "examples", "hover-rates.rpb"));
        Assert.True(PolicyBundle.TryRead(file, out PolicyBundle? policy, out BundleRefusal refusal), refusal.ToString());
        var flight = new ReactionFlight(
            folder.Path, Path.Combine(SharedData.RepositoryRoot, "hardware", "px4-quad", "rates.yaml"), Path.Combine(SharedData.RepositoryRoot, "runs", "px4-hover-rates.yaml"), policy!);
        try
        {
            flight.TakeOff();
            Assert.True(flight.Device.Z > 1.5, $"{flight.Device}");
            return flight;
        }
        catch
        {
            flight.Dispose(); // or its processes go on, one of them real-time
            throw;
        }
    }
}
