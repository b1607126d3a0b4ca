using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Robotics.Policies;

/// <summary>A strict forward reader of untrusted JSON: no exceptions, no allocation but for strings it returns.</summary>
/// <remarks>The first fault sets <see cref="Problem"/>, and every later call fails. Sufficient for manifests and tensor headers.</remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> text)
{
    /// <summary>Longest string taken; names and times are far shorter.</summary>
    private const int MaxStringLength = 1024;

    private const int MaxDepth = 8;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at = 0;

    /// <summary>What is wrong, or null.</summary>
    public string? Problem { get; private set; } = null;

    /// <summary>Opens an object or array (<paramref name="bracket"/> is '{' or '[').</summary>
    public bool TryOpen(char bracket) => TryTake(bracket);

    /// <summary>True where a further element or member follows; takes its comma. False at the closing bracket, which it takes, and on a fault.</summary>
    /// <param name="isFirst">True before the first element; cleared here.</param>
    public bool TryNext(char closing, ref bool isFirst)
    {
        if (Problem is not null)
            return false;
        SkipSpace();
        if (_at < _text.Length && _text[_at] == closing)
        {
            _at++;
            return false;
        }
        bool first = isFirst;
        isFirst = false;
        return first || TryTake(',');
    }

    /// <summary>The next member's name, and its colon.</summary>
    public bool TryKey(out string key) => TryString(out key) && TryTake(':');

    /// <summary>True where the next value is the literal null; takes it.</summary>
    public bool TryNull() => TryLiteral("null"u8);

    public bool TryBool(out bool value)
    {
        value = TryLiteral("true"u8);
        return value || TryLiteral("false"u8) || Fail("expected true or false");
    }

    public bool TryDouble(out double value)
    {
        value = 0;
        return TryNumber(out ReadOnlySpan<byte> number)
            && ((double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value)) || Fail("a number is not finite"));
    }

    public bool TryInteger(out long value)
    {
        value = 0;
        return TryNumber(out ReadOnlySpan<byte> number)
            && ((Utf8Parser.TryParse(number, out value, out int used) && used == number.Length) || Fail("expected an integer"));
    }

    /// <summary>A 64-bit number as 16 hexadecimal digits in a string: JSON numbers hold only 53 bits.</summary>
    public bool TryHex(out ulong value)
    {
        value = 0;
        return TryString(out string text)
            && ((text.Length == 16 && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)) || Fail($"'{text}' is not 16 hexadecimal digits"));
    }

    public bool TryString(out string value)
    {
        value = "";
        if (!TryTake('"'))
            return false;
        int start = _at;
        bool escaped = false;
        for (; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] < 0x20 || _at - start > MaxStringLength)
                return Fail("a string is longer than 1024 bytes or holds a control character");
            if (_text[_at] != '\\')
                continue;
            escaped = true;
            _at++;
        }
        if (_at >= _text.Length)
            return Fail("a string does not end");
        ReadOnlySpan<byte> raw = _text[start.._at++];
        if (!escaped)
            value = Encoding.UTF8.GetString(raw);
        else if (!TryUnescape(raw, out value))
            return Fail("a string holds an unknown escape");
        return true;
    }

    /// <summary>Skips a value of any kind.</summary>
    public bool TrySkip(int depth = 0)
    {
        SkipSpace();
        if (depth > MaxDepth)
            return Fail($"nested deeper than {MaxDepth}");
        if (_at >= _text.Length)
            return Fail("a value is missing");
        char next = (char)_text[_at];
        if (next == '"')
            return TryString(out _);
        if (next is '{' or '[')
            return TrySkipContainer(next, depth);
        return TryLiteral("null"u8) || TryLiteral("true"u8) || TryLiteral("false"u8) || TryDouble(out _);
    }

    /// <summary>True where nothing but white space follows.</summary>
    public bool TryEnd()
    {
        SkipSpace();
        return Problem is null && (_at == _text.Length || Fail("text after the end"));
    }

    /// <summary>Records a fault found by the caller; always false.</summary>
    public bool Fail(string problem)
    {
        Problem ??= $"{problem} (byte {_at})";
        return false;
    }

    private bool TrySkipContainer(char opening, int depth)
    {
        char closing = opening == '{' ? '}' : ']';
        bool isFirst = true;
        TryTake(opening);
        while (TryNext(closing, ref isFirst))
        {
            if ((opening == '{' && !TryKey(out _)) || !TrySkip(depth + 1))
                return false;
        }
        return Problem is null;
    }

    private bool TryNumber(out ReadOnlySpan<byte> number)
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && _text[_at] is (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E')
            _at++;
        number = _text[start.._at];
        return Problem is null && (number.Length is > 0 and < 64 || Fail("expected a number"));
    }

    private bool TryLiteral(ReadOnlySpan<byte> literal)
    {
        SkipSpace();
        if (Problem is not null || !_text[_at..].StartsWith(literal))
            return false;
        _at += literal.Length;
        return true;
    }

    private bool TryTake(char expected)
    {
        SkipSpace();
        if (Problem is not null)
            return false;
        if (_at >= _text.Length || _text[_at] != expected)
            return Fail($"expected '{expected}'");
        _at++;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _at++;
    }

    private static bool TryUnescape(ReadOnlySpan<byte> raw, out string value)
    {
        value = "";
        var text = new StringBuilder(Encoding.UTF8.GetString(raw));
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
                continue;
            if (i + 1 >= text.Length)
                return false;
            int used = 2;
            int index = "\"\\/bfnrt".IndexOf(text[i + 1], StringComparison.Ordinal);
            char replacement = index >= 0 ? "\"\\/\b\f\n\r\t"[index] : '\0';
            if (text[i + 1] == 'u')
            {
                if (i + 6 > text.Length || !ushort.TryParse(text.ToString(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                    return false;
                replacement = (char)code;
                used = 6;
            }
            else if (index < 0)
            {
                return false;
            }
            text.Remove(i, used).Insert(i, replacement);
        }
        value = text.ToString();
        return true;
    }
}
