using Robotics.Configuration;

namespace Robotics.Drivers.Serial.Msp;

/// <summary>The <c>driver</c> section of a Betaflight quadrotor's robot.yaml.</summary>
/// <param name="Endpoint">Where the flight controller is reached.</param>
/// <param name="MaxRateRadPerSec">Body rate of a full stick, rad/s: must be what the rate profile of the flight controller says.</param>
/// <param name="FailsafeDelayS">Longest failsafe_delay the flight controller may have, s: read back before arming.</param>
public sealed record BetaflightOptions(ByteEndpoint Endpoint, double MaxRateRadPerSec, double FailsafeDelayS = 1.5)
{
    /// <summary>Reads the section; problems go to the document.</summary>
    public static BetaflightOptions Read(ConfigMap root)
    {
        ArgumentNullException.ThrowIfNull(root);
        ConfigMap driver = root.Map("driver");
        driver.String("kind");
        string text = driver.String("endpoint");
        if (!ByteEndpoint.TryParse(text, out ByteEndpoint? endpoint, out string problem) && text.Length > 0)
            driver.AddProblem("endpoint", problem);
        return new BetaflightOptions(
            endpoint ?? new ByteEndpoint(EndpointKind.Tcp, "127.0.0.1", 5761),
            root.Map("channels").Number("full_stick_rad_s", 0.5, 35),
            driver.Number("failsafe_delay_ms", 100, 20_000) / 1000);
    }
}
