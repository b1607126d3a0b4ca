namespace Robotics.Teleop;

/// <summary>The keys of a terminal, also over SSH. A terminal never says that a key was let go, so motion dies away unless the key repeats.</summary>
/// <remarks>A key counts fully for <see cref="HoldNs"/> after its last repeat and falls to nothing within <see cref="DecayNs"/> more. Space
/// stops: every motion is over at once. Axes are pairs of keys, the first positive: <c>w/s</c>, <c>a/d</c>, <c>r/f</c>, <c>q/e</c>,
/// <c>i/k</c>, <c>j/l</c>, <c>u/o</c>, <c>up/down</c>, <c>left/right</c>. Escape is the press of a button of its own; unknown sequences are skipped.</remarks>
public sealed class TerminalKeyboard : InputDevice
{
    /// <summary>Full for this long after the last repeat, ns: terminals repeat every 30-40 ms.</summary>
    public const long HoldNs = 150_000_000;

    /// <summary>Then to nothing within this, ns; together 300 ms, the upper end of what a dead man's switch by decay may take.</summary>
    public const long DecayNs = 150_000_000;

    private const byte EscapeByte = 0x1b;
    private static readonly string[] s_pairs = ["w/s", "a/d", "r/f", "q/e", "i/k", "j/l", "u/o", "up/down", "left/right"];
    private static readonly string[] s_keys =
    [
        .. "abcdefghijklmnopqrstuvwxyz0123456789".Select(c => $"{c}"), "space", "enter", "tab", "backspace", "escape", "up", "down", "left", "right",
    ];

    private readonly IDeviceStream _stream;
    private readonly (int Plus, int Minus)[] _pairs;
    private readonly long[] _lastNs = new long[s_keys.Length];
    private readonly byte[] _bytes = new byte[64];
    private readonly int _space = Array.IndexOf(s_keys, "space");
    private int _escape; // bytes of an escape sequence seen so far

    /// <summary>The keys that <paramref name="stream"/> gives, one byte or escape sequence each.</summary>
    public TerminalKeyboard(IDeviceStream stream)
        : base($"keyboard {stream?.Name}", s_pairs, s_keys)
    {
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _pairs = [.. s_pairs.Select(p => p.Split('/')).Select(p => (Array.IndexOf(s_keys, p[0]), Array.IndexOf(s_keys, p[1])))];
        Array.Fill(_lastNs, long.MinValue / 2);
        IsPresent = true;
    }

    /// <inheritdoc/>
    public override void Poll(long nowNs)
    {
        while (IsPresent)
        {
            int count = _stream.Read(_bytes);
            if (count < 0)
            {
                IsPresent = false;
                Trouble = "the terminal was closed";
                Array.Fill(_lastNs, long.MinValue / 2);
            }
            if (count <= 0)
                break;
            foreach (byte b in _bytes.AsSpan(0, count))
                Take(b, nowNs);
            if (_escape == 1)
            {
                _escape = 0; // a lone escape: the rest of a sequence would have come in the same read
                Press("escape", nowNs);
            }
        }
        for (int i = 0; i < _pairs.Length; i++)
            SetAxis(i, Level(_pairs[i].Plus, nowNs) - Level(_pairs[i].Minus, nowNs));
        for (int i = 0; i < s_keys.Length; i++)
            SetButton(i, Level(i, nowNs) > 0);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _stream.Dispose();
        base.Dispose(disposing);
    }

    private float Level(int key, long nowNs) => Math.Clamp(1 - ((float)(nowNs - _lastNs[key] - HoldNs) / DecayNs), 0, 1);

    private void Take(byte b, long nowNs)
    {
        if (_escape == 2)
        {
            _escape = 0;
            string? arrow = b switch { (byte)'A' => "up", (byte)'B' => "down", (byte)'C' => "right", (byte)'D' => "left", _ => null };
            if (arrow is not null)
                Press(arrow, nowNs);
            return;
        }
        if (_escape == 1)
        {
            _escape = b is (byte)'[' or (byte)'O' ? 2 : 0;
            return;
        }
        if (b == EscapeByte)
        {
            _escape = 1;
            return;
        }
        string? name = b switch
        {
            (byte)' ' => "space",
            (byte)'\r' or (byte)'\n' => "enter",
            (byte)'\t' => "tab",
            0x7f or 0x08 => "backspace",
            >= (byte)'A' and <= (byte)'Z' => $"{(char)(b + 32)}",
            >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' => $"{(char)b}",
            _ => null,
        };
        if (name is not null)
            Press(name, nowNs);
    }

    private void Press(string name, long nowNs)
    {
        int key = Array.IndexOf(s_keys, name);
        if (key == _space)
            Array.Fill(_lastNs, long.MinValue / 2);
        _lastNs[key] = nowNs;
    }
}
