using System.Buffers.Binary;

namespace Robotics.Teleop;

/// <summary>A browser page as a device: the standard layout of the Gamepad API, filled by a pad, by keys or by touch.</summary>
/// <remarks>
/// <para>Frames of 28 bytes, layout in docs/formats/teleop.md. A frame counts where its sequence grew and the time it echoes is recent; where
/// none counts for <see cref="LostAfterNs"/>, everything is released. <see cref="Receive"/> may be called from any thread.</para>
/// </remarks>
public sealed class BrowserDevice : InputDevice
{
    /// <summary>Bytes of a frame.</summary>
    public const int FrameBytes = 28;

    /// <summary>A page that says nothing for this long is not there, ns: the lease of R13.</summary>
    public const long LostAfterNs = 100_000_000;

    /// <summary>A frame made longer ago than this, as far as its echo proves, waited in a queue: 200 ms are a slow wireless round trip and two pages' state messages.</summary>
    public const long MaxEchoAgeNs = 300_000_000;

    private const int Axes = 4;
    private const int Buttons = 17; // "standard" mapping of the W3C Gamepad specification
    private readonly Lock _gate = new();
    private readonly short[] _newestAxes = new short[Axes];
    private uint _newestButtons;
    private uint _pressed; // buttons seen down since the last poll
    private uint _sequence;
    private long _receivedNs = long.MinValue;

    /// <summary>A page that has not come yet.</summary>
    public BrowserDevice()
        : base("browser", [.. Enumerable.Range(0, Axes).Select(i => $"axis_{i}")], [.. Enumerable.Range(0, Buttons).Select(i => $"button_{i}")]) =>
        Trouble = "no page is connected";

    /// <summary>Frames that did not count.</summary>
    public long Refused { get; private set; }

    /// <summary>A page came or went: its sequence begins anew and everything is released.</summary>
    public void Connect()
    {
        lock (_gate)
        {
            _sequence = 0;
            _newestButtons = _pressed = 0;
            Array.Clear(_newestAxes);
            _receivedNs = long.MinValue;
        }
    }

    /// <summary>Takes a frame. Any thread.</summary>
    /// <returns>False where it does not count.</returns>
    public bool Receive(ReadOnlySpan<byte> frame, long nowNs)
    {
        lock (_gate)
        {
            if (!TryRead(frame, nowNs))
            {
                Refused++;
                return false;
            }
            _receivedNs = nowNs;
            return true;
        }
    }

    /// <inheritdoc/>
    public override void Poll(long nowNs)
    {
        lock (_gate)
        {
            IsPresent = _receivedNs != long.MinValue && nowNs - _receivedNs <= LostAfterNs;
            Trouble = IsPresent ? "" : _receivedNs == long.MinValue ? "no page is connected" : "the page has fallen silent";
            if (!IsPresent)
            {
                ReleaseAll();
                return;
            }
            for (int i = 0; i < Axes; i++)
                SetAxis(i, _newestAxes[i] / 32767f);
            for (int i = 0; i < Buttons; i++)
            {
                if ((_pressed >> i & 1) != 0)
                    SetButton(i, true); // down and up again between two polls is a press, too
                SetButton(i, (_newestButtons >> i & 1) != 0);
            }
            _pressed = 0;
        }
    }

    private bool TryRead(ReadOnlySpan<byte> frame, long nowNs)
    {
        if (frame.Length != FrameBytes || BinaryPrimitives.ReadUInt32LittleEndian(frame) != 0x31574252) // "RBW1"
            return false;
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]);
        double echoMs = BinaryPrimitives.ReadDoubleLittleEndian(frame[8..]);
        uint buttons = BinaryPrimitives.ReadUInt32LittleEndian(frame[24..]);
        double ageNs = nowNs - (echoMs * 1e6);
        if (sequence <= _sequence || !(ageNs <= MaxEchoAgeNs) || ageNs < -1e6 || buttons >> Buttons != 0) // 1 ms: the page's time is rounded
            return false;
        _sequence = sequence;
        for (int i = 0; i < Axes; i++)
            _newestAxes[i] = BinaryPrimitives.ReadInt16LittleEndian(frame[(16 + (2 * i))..]);
        _pressed |= buttons & ~_newestButtons;
        _newestButtons = buttons;
        return true;
    }
}
