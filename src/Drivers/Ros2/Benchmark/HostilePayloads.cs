using Robotics.Core;

namespace Robotics.Drivers.Ros2;

/// <summary>Payloads that a broken or malicious program sends: truncated, changed, with huge counts, noise, of another type, empty.</summary>
/// <remarks>Seeded: the same seed gives the same payloads.</remarks>
public sealed class HostilePayloads
{
    private const int Kinds = 6;
    private const int MaxNoise = 200;
    private const int LeastBytes = 5; // DDS delivers nothing without a header and one octet
    private readonly byte[][] _sound;
    private readonly byte[] _buffer;
    private readonly SeededRandom _random;

    /// <summary>Payloads derived from one sound message of each of <paramref name="types"/>.</summary>
    public HostilePayloads(InterfaceCatalog catalog, IReadOnlyList<string> types, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(types);
        _random = new SeededRandom(seed, "hostile");
        _sound = [.. types.Select(t => Sound(catalog, t))];
        _buffer = new byte[Math.Max(MaxNoise + LeastBytes, _sound.Max(s => s.Length))];
    }

    /// <summary>The sound message of type number <paramref name="type"/>.</summary>
    public ReadOnlyMemory<byte> SoundOf(int type) => _sound[type];

    /// <summary>The next payload for a reader of type number <paramref name="type"/>; valid until the next call. Some may happen to be sound.</summary>
    public ReadOnlySpan<byte> Next(int type)
    {
        byte[] sound = _sound[type];
        sound.CopyTo(_buffer, 0);
        switch (_random.NextInt(Kinds))
        {
            case 0: // truncated
                return _buffer.AsSpan(0, LeastBytes + _random.NextInt(sound.Length - LeastBytes));
            case 1: // some bytes changed
                for (int k = 0; k < 4; k++)
                    _buffer[4 + _random.NextInt(sound.Length - 4)] = (byte)_random.NextInt(256);
                return _buffer.AsSpan(0, sound.Length);
            case 2: // a huge count somewhere
                _buffer.AsSpan(4 + (_random.NextInt((sound.Length - 4) / 4) * 4), Math.Min(4, sound.Length - 4)).Fill(0xff);
                return _buffer.AsSpan(0, sound.Length);
            case 3: // another type's message
                return _sound[_random.NextInt(_sound.Length)];
            case 4: // noise, header included
                return Noise(from: 0);
            default: // noise behind a sound header
                return Noise(from: 4);
        }
    }

    private Span<byte> Noise(int from)
    {
        int length = LeastBytes + _random.NextInt(MaxNoise);
        for (int k = from; k < length; k++)
            _buffer[k] = (byte)_random.NextInt(256);
        return _buffer.AsSpan(0, length);
    }

    private static byte[] Sound(InterfaceCatalog catalog, string type)
    {
        var writer = new CdrWriter();
        new DynamicMessage(catalog, type).Write(writer);
        return writer.Written.ToArray();
    }
}
