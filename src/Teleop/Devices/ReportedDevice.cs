namespace Robotics.Teleop;

/// <summary>A device whose values another part of the program reports whole: a ROS 2 subscription, a radio driver.</summary>
/// <remarks><see cref="Report"/> may be called from any thread. Values older than <see cref="LostAfterNs"/> do not count.</remarks>
public sealed class ReportedDevice : InputDevice
{
    /// <summary>Nothing reported for this long: the source is lost, ns. joy_node repeats every 50 ms (autorepeat_rate 20).</summary>
    public const long LostAfterNs = 150_000_000;

    private readonly Lock _gate = new();
    private readonly float[] _newestAxes;
    private readonly bool[] _newestButtons;
    private long _reportedNs = long.MinValue;

    /// <summary>A device of these axes and buttons that has reported nothing yet.</summary>
    public ReportedDevice(string name, IReadOnlyList<string> axes, IReadOnlyList<string> buttons)
        : base(name, axes, buttons)
    {
        _newestAxes = new float[axes.Count];
        _newestButtons = new bool[buttons.Count];
        Trouble = $"{name} has reported nothing yet";
    }

    /// <summary>Takes a report; axes and buttons it does not have are centred and released, more than the device has are left out.</summary>
    public void Report(ReadOnlySpan<float> axes, ReadOnlySpan<bool> buttons, long nowNs)
    {
        lock (_gate)
        {
            Array.Clear(_newestAxes);
            Array.Clear(_newestButtons);
            axes[..Math.Min(axes.Length, _newestAxes.Length)].CopyTo(_newestAxes);
            buttons[..Math.Min(buttons.Length, _newestButtons.Length)].CopyTo(_newestButtons);
            _reportedNs = nowNs;
        }
    }

    /// <inheritdoc/>
    public override void Poll(long nowNs)
    {
        lock (_gate)
        {
            IsPresent = _reportedNs != long.MinValue && nowNs - _reportedNs <= LostAfterNs;
            if (!IsPresent)
            {
                Trouble = _reportedNs == long.MinValue ? Trouble : $"{Name} has fallen silent";
                ReleaseAll();
                return;
            }
            for (int i = 0; i < _newestAxes.Length; i++)
                SetAxis(i, _newestAxes[i]);
            for (int i = 0; i < _newestButtons.Length; i++)
                SetButton(i, _newestButtons[i]);
        }
    }
}
