namespace Robotics.Drivers.Serial.Mcu;

/// <summary>Consistent overhead byte stuffing (Cheshire and Baker 1999): no zero inside, so that zero ends a frame.</summary>
public static class Cobs
{
    /// <summary>Encodes <paramref name="plain"/> without the closing zero; needs one byte more per 254.</summary>
    public static int Encode(ReadOnlySpan<byte> plain, Span<byte> coded)
    {
        int codeAt = 0;
        int n = 1;
        byte code = 1;
        for (int i = 0; i < plain.Length; i++)
        {
            if (plain[i] != 0)
            {
                coded[n++] = plain[i];
                code++;
            }
            if (plain[i] != 0 && code != 0xFF)
                continue;
            coded[codeAt] = code;
            code = 1;
            codeAt = n;
            if (plain[i] != 0 && i + 1 == plain.Length)
                return n; // a full block at the very end needs no further code
            n++;
        }
        coded[codeAt] = code;
        return n;
    }

    /// <summary>Decodes <paramref name="coded"/>, which holds no closing zero; false where it is not such a code or does not fit.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> coded, Span<byte> plain, out int length)
    {
        length = 0;
        int i = 0;
        while (i < coded.Length)
        {
            int code = coded[i++];
            if (code == 0 || i + code - 1 > coded.Length || length + code - 1 > plain.Length)
                return false;
            coded.Slice(i, code - 1).CopyTo(plain[length..]);
            i += code - 1;
            length += code - 1;
            if (code == 0xFF || i == coded.Length)
                continue;
            if (length == plain.Length)
                return false;
            plain[length++] = 0;
        }
        return true;
    }
}
