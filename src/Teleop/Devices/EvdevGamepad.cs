using System.Buffers.Binary;

namespace Robotics.Teleop;

/// <summary>A gamepad, joystick or pedal behind a Linux event node: <c>struct input_event</c>, 24 bytes each.</summary>
/// <remarks>Events count when their SYN_REPORT arrives. After SYN_DROPPED (the reader was too slow) everything up to the next SYN_REPORT is
/// ignored and the state is asked for anew, as linux/Documentation/input/event-codes.rst demands; where it cannot be asked (a recording)
/// everything counts as released, which is the safe side.</remarks>
public sealed class EvdevGamepad : InputDevice
{
    private readonly IDeviceStream _stream;
    private readonly IEvdevQuery? _query;
    private readonly (int Minimum, int Maximum)[] _ranges;
    private readonly float[] _pendingAxes;
    private readonly bool[] _pendingButtons;
    private readonly byte[] _bytes = new byte[EvdevCodes.EventBytes * 64];
    private int _filled;
    private bool _dropping;

    /// <summary>A gamepad on <paramref name="stream"/>. Ranges come from the node where it answers, else from <paramref name="range"/>.</summary>
    /// <param name="stream">The event node.</param>
    /// <param name="range">Range of the sticks where the node cannot be asked: ±32767 for most pads (xpad); hats are ±1 always.</param>
    public EvdevGamepad(IDeviceStream stream, int range = 32767)
        : base($"gamepad {stream?.Name}", [.. EvdevCodes.Axes.Select(a => a.Name)], [.. EvdevCodes.Buttons.Select(b => b.Name)])
    {
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _query = stream as IEvdevQuery;
        _pendingAxes = new float[AxisNames.Count];
        _pendingButtons = new bool[ButtonNames.Count];
        _ranges = [.. EvdevCodes.Axes.Select(a => RangeOf(a.Code, range))];
        IsPresent = true;
        Resynchronise();
    }

    /// <summary>Times the kernel said that events were lost.</summary>
    public long Drops { get; private set; }

    /// <inheritdoc/>
    public override void Poll(long nowNs)
    {
        while (IsPresent)
        {
            int count = _stream.Read(_bytes.AsSpan(_filled));
            if (count == 0)
                return;
            if (count < 0)
            {
                Lose();
                return;
            }
            _filled += count;
            Take();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _stream.Dispose();
        base.Dispose(disposing);
    }

    private void Lose()
    {
        IsPresent = false;
        Trouble = $"{Name} has gone: plug it in again and restart the teleoperation node";
        ReleaseAll();
    }

    private void Take()
    {
        int at = 0;
        for (; _filled - at >= EvdevCodes.EventBytes; at += EvdevCodes.EventBytes)
        {
            ReadOnlySpan<byte> e = _bytes.AsSpan(at + 16, 8); // behind the time
            Apply(BinaryPrimitives.ReadUInt16LittleEndian(e), BinaryPrimitives.ReadUInt16LittleEndian(e[2..]), BinaryPrimitives.ReadInt32LittleEndian(e[4..]));
        }
        _bytes.AsSpan(at, _filled - at).CopyTo(_bytes);
        _filled -= at;
    }

    private void Apply(ushort type, ushort code, int value)
    {
        if (type == EvdevCodes.TypeSync)
            Synchronise(code);
        else if (_dropping)
            return;
        else if (type == EvdevCodes.TypeKey && IndexOf(EvdevCodes.Buttons, code) is >= 0 and int button)
            _pendingButtons[button] = value != 0; // 2 is autorepeat: still held
        else if (type == EvdevCodes.TypeAbsolute && IndexOf(EvdevCodes.Axes, code) is >= 0 and int axis)
            _pendingAxes[axis] = Normalise(axis, value);
    }

    private void Synchronise(ushort code)
    {
        if (code == EvdevCodes.Dropped)
        {
            _dropping = true;
            Drops++;
        }
        else if (code == EvdevCodes.Report && _dropping)
        {
            _dropping = false;
            Resynchronise();
        }
        else if (code == EvdevCodes.Report)
        {
            Commit();
        }
    }

    private void Resynchronise()
    {
        Span<byte> keys = stackalloc byte[EvdevCodes.KeyBytes];
        keys.Clear();
        _query?.TryKeys(keys);
        for (int i = 0; i < _pendingButtons.Length; i++)
            _pendingButtons[i] = (keys[EvdevCodes.Buttons[i].Code / 8] >> (EvdevCodes.Buttons[i].Code % 8) & 1) != 0;
        for (int i = 0; i < _pendingAxes.Length; i++)
            _pendingAxes[i] = _query is not null && _query.TryAxisRange(EvdevCodes.Axes[i].Code, out _, out _, out int value) ? Normalise(i, value) : 0;
        Commit();
    }

    private void Commit()
    {
        for (int i = 0; i < _pendingAxes.Length; i++)
            SetAxis(i, _pendingAxes[i]);
        for (int i = 0; i < _pendingButtons.Length; i++)
            SetButton(i, _pendingButtons[i]);
    }

    private float Normalise(int axis, int value)
    {
        (int minimum, int maximum) = _ranges[axis];
        return (float)((2.0 * ((double)value - minimum) / ((double)maximum - minimum)) - 1);
    }

    private (int Minimum, int Maximum) RangeOf(int code, int range)
    {
        if (_query is not null && _query.TryAxisRange(code, out int minimum, out int maximum, out _))
            return (minimum, maximum);
        return code >= 0x10 ? (-1, 1) : (-range, range);
    }

    private static int IndexOf(IReadOnlyList<(string Name, ushort Code)> list, ushort code)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i].Code == code)
                return i;
        }
        return -1;
    }
}
