using Robotics.Configuration;

namespace Robotics.Drivers.Ros2;

/// <summary>Section <c>driver.simulator</c>: how the simulated robot behind a ros2 driver behaves.</summary>
/// <param name="Identity">What it answers when asked which robot it is (its parameter <c>robot</c>).</param>
/// <param name="RateHz">Integration steps and published states per second.</param>
/// <param name="CommandTimeoutMs">The robot's own reaction to silence: this long without a command puts it back on its stand, ms.</param>
/// <param name="PublishClock">True to publish /clock, for nodes that use simulated time.</param>
public sealed record SimulatorSettings(string Identity, double RateHz, double CommandTimeoutMs, bool PublishClock)
{
    /// <summary>1 kHz as a flight controller's estimator; 100 ms as Betaflight's and the Crazyflie's shortest set-point timeouts' order.</summary>
    public static SimulatorSettings Default { get; } = new("simulated-quadrotor", 1000, 100, false);

    /// <summary>Reads the section; defaults where it is absent.</summary>
    public static SimulatorSettings Read(ConfigMap? map) =>
        map is null
            ? Default
            : new SimulatorSettings(
                map.String("identity", Default.Identity),
                map.Number("rate_hz", 10, 10_000, Default.RateHz),
                map.Number("command_timeout_ms", 1, 10_000, Default.CommandTimeoutMs),
                map.Flag("publish_clock", Default.PublishClock));
}
