using Robotics.Core;
using Robotics.Runtime.Memory;

namespace Robotics.Runtime.Guards;

/// <summary>Tells people in words what the robot's device says of itself whenever that changes: why it is refused, which servo is stuck, who took it over.</summary>
/// <remarks>An ordinary thread beside the control loop. While the device obeys, nothing is asked and nothing allocated.</remarks>
public sealed class DeviceReporter
{
    private readonly IDeviceReadiness _device;
    private readonly Mailbox _mailbox;
    private readonly IClock _clock;
    private readonly ulong _boot;
    private string _last = "";
    private bool _wasWell;

    /// <summary>Of <paramref name="device"/> into <paramref name="mailbox"/> (<see cref="EdgeMemory.Device"/>).</summary>
    public DeviceReporter(IDeviceReadiness device, Mailbox mailbox, ulong boot, IClock clock)
    {
        _device = device ?? throw new ArgumentNullException(nameof(device));
        _mailbox = mailbox ?? throw new ArgumentNullException(nameof(mailbox));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _boot = boot;
    }

    /// <summary>Looks once.</summary>
    public void Look()
    {
        bool well = _device.IsReady && _device.IsObeying;
        if (well && _wasWell)
            return;
        _wasWell = well;
        string text;
        try
        {
            text = _device.Diagnosis;
        }
#pragma warning disable CA1031 // the driver is at work in another thread: what it was just changing is told at the next look
        catch (Exception)
#pragma warning restore CA1031
        {
            return;
        }
        if (string.Equals(text, _last, StringComparison.Ordinal))
            return;
        _last = text;
        new DeviceReport(_boot, _clock.NowNs, text).PutInto(_mailbox);
    }
}
