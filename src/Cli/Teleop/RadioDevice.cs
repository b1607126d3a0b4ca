using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Radio;
using Robotics.Teleop;

namespace Robotics.Cli.Teleop;

/// <summary>A CRSF receiver on a serial line as a device: the same pilot that the drivers know.</summary>
internal sealed class RadioDevice : IDisposable
{
    private readonly CrsfPilot _pilot;

    /// <summary>A receiver at <paramref name="endpoint"/>, for example <c>serial:/dev/ttyUSB0:420000</c>.</summary>
    public RadioDevice(string endpoint)
    {
        if (!ByteEndpoint.TryParse(endpoint, out ByteEndpoint? parsed, out string problem))
            throw new FailureException($"--path {endpoint}: {problem}", ExitCode.Usage);
        _pilot = new CrsfPilot(parsed.Open(), MonotonicClock.Instance);
        Device = new ReportedDevice("radio", DeviceKinds.RadioAxes, DeviceKinds.RadioButtons);
    }

    public ReportedDevice Device { get; }

    /// <summary>Takes what arrived; a radio that is not heard is not reported, so the device falls silent.</summary>
    public void Poll(long nowNs)
    {
        _pilot.Poll();
        if (!_pilot.IsHeard)
            return;
        Span<float> sticks = stackalloc float[4];
        _pilot.Sticks(sticks);
        Device.Report(sticks, [_pilot.DeadmanHeld, _pilot.WantsControl], nowNs);
    }

    public void Dispose() => _pilot.Dispose();
}
