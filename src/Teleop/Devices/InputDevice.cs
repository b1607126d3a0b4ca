namespace Robotics.Teleop;

/// <summary>Something a person holds: axes and buttons by name, filled from whatever bytes the device gives.</summary>
/// <remarks>
/// <para>One thread. Values are what the device says; dead zones, signs and meanings come from the <see cref="InputMapping"/>. Presses are
/// counted, so that a button pressed and let go between two polls is not lost.</para>
/// <para>To add a device: 1. derive from this class and read an <see cref="IDeviceStream"/> (or a subscription) in <see cref="Poll"/>;
/// 2. feed it recorded bytes in tests/Teleop; 3. add a mapping file under hardware/ROBOT/teleop; 4. name it in <c>robotics teleop</c>.</para>
/// </remarks>
public abstract class InputDevice : IDisposable
{
    private readonly float[] _axes;
    private readonly bool[] _held;
    private readonly uint[] _presses;

    /// <summary>A device with these names, everything centred and released.</summary>
    protected InputDevice(string name, IReadOnlyList<string> axes, IReadOnlyList<string> buttons)
    {
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(buttons);
        Name = name;
        AxisNames = axes;
        ButtonNames = buttons;
        _axes = new float[axes.Count];
        _held = new bool[buttons.Count];
        _presses = new uint[buttons.Count];
    }

    /// <summary>What it is and where, for messages.</summary>
    public string Name { get; }

    /// <summary>Names of the axes; the index is that of <see cref="Axis"/>.</summary>
    public IReadOnlyList<string> AxisNames { get; }

    /// <summary>Names of the buttons; the index is that of <see cref="IsHeld"/>.</summary>
    public IReadOnlyList<string> ButtonNames { get; }

    /// <summary>False where the device has gone or fell silent: nothing it said counts any more.</summary>
    public bool IsPresent { get; protected set; }

    /// <summary>Why it is not present, in words; empty where it is.</summary>
    public string Trouble { get; protected set; } = "";

    /// <summary>Position of an axis, -1..1.</summary>
    public float Axis(int index) => _axes[index];

    /// <summary>True while a button is held.</summary>
    public bool IsHeld(int index) => _held[index];

    /// <summary>Times a button went down since the device was opened.</summary>
    public uint Presses(int index) => _presses[index];

    /// <summary>Takes what arrived. Never blocks.</summary>
    /// <param name="nowNs">This machine's monotonic clock, for devices that must guess when a key was let go.</param>
    public abstract void Poll(long nowNs);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the stream.</summary>
    protected virtual void Dispose(bool disposing) { }

    /// <summary>Moves an axis; what is not finite centres it.</summary>
    protected void SetAxis(int index, float value) => _axes[index] = float.IsFinite(value) ? Math.Clamp(value, -1f, 1f) : 0f;

    /// <summary>Presses or lets go of a button.</summary>
    protected void SetButton(int index, bool held)
    {
        if (held && !_held[index])
            _presses[index]++;
        _held[index] = held;
    }

    /// <summary>Counts a press of a button whose letting go the device cannot tell.</summary>
    protected void Click(int index) => _presses[index]++;

    /// <summary>Centres every axis and lets go of every button: what is right when the device is lost.</summary>
    protected void ReleaseAll()
    {
        Array.Clear(_axes);
        Array.Clear(_held);
    }
}
