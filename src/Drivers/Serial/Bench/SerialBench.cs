using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Drivers.Serial.Bench;

/// <summary>Feeds every parser random bytes and damaged frames: <c>robotics bench serial</c>.</summary>
public static class SerialBench
{
    private const int CleanBehind = 3;
    private const int ChunkBytes = 1024; // below a scanner's free room
    private const int LookAhead = 8;

    /// <summary>Names of the parsers.</summary>
    public static IReadOnlyList<string> Parsers { get; } = [.. ParserUnderTest.All().Select(p => p.Name)];

    /// <summary>Runs all parsers, or the one named <paramref name="only"/>, with <paramref name="randomBytes"/> and <paramref name="mutatedFrames"/> each.</summary>
    public static IReadOnlyList<SerialBenchResult> Run(long randomBytes, long mutatedFrames, ulong seed, IClock clock, string? only = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var results = new List<SerialBenchResult>();
        foreach (ParserUnderTest parser in ParserUnderTest.All())
        {
            if (only is not null && !string.Equals(only, parser.Name, StringComparison.Ordinal))
                continue;
            long start = clock.NowNs;
            long accepted = Noise(parser.Create(), randomBytes, new SeededRandom(seed, parser.Name + "-noise"));
            double seconds = Math.Max(1e-9, (clock.NowNs - start) / 1e9);
            (long falseFrames, int loss) = Mutate(parser, mutatedFrames, new SeededRandom(seed, parser.Name + "-mutation"));
            double mean = mutatedFrames * Math.Pow(2, -parser.CheckBits);
            results.Add(new SerialBenchResult(
                parser.Name, randomBytes, accepted, randomBytes * parser.NoiseProbability, mutatedFrames, falseFrames,
                mean + (6 * Math.Sqrt(mean)) + 1, loss, randomBytes / 1e6 / seconds));
        }
        return results;
    }

    private static long Noise(FrameScanner scanner, long bytes, SeededRandom random)
    {
        var block = new ulong[512];
        Span<byte> view = MemoryMarshal.AsBytes(block.AsSpan());
        for (long fed = 0; fed < bytes; fed += view.Length)
        {
            for (int i = 0; i < block.Length; i++)
                block[i] = random.NextUInt64();
            for (int at = 0; at < view.Length; at += ChunkBytes)
            {
                Push(scanner, view.Slice(at, ChunkBytes));
                while (scanner.TryNext(out _)) { }
            }
        }
        return scanner.Frames;
    }

    // One damaged frame, three good ones, and so on. What comes out must be one of the next good frames or an undamaged victim.
    private static (long False, int LongestLoss) Mutate(ParserUnderTest parser, long count, SeededRandom random)
    {
        FrameScanner scanner = parser.Create();
        byte[][] clean = parser.Clean;
        var damaged = new byte[1024];
        (long falseFrames, int next, int longest, bool swallowed) = (0, 0, 0, false);
        for (long i = 0; i < count; i++)
        {
            byte[] victim = parser.Victims[random.NextInt(parser.Victims.Length)];
            Push(scanner, damaged.AsSpan(0, Damage(victim, damaged, random)));
            for (int k = 0; k < CleanBehind; k++)
                Push(scanner, clean[(int)(((i * CleanBehind) + k) % clean.Length)]);
            while (scanner.TryNext(out ReadOnlySpan<byte> frame))
            {
                int skipped = Find(clean, next, frame);
                if (skipped >= 0)
                {
                    next = (next + skipped + 1) % clean.Length;
                    // What a falsely accepted frame swallowed is counted as that false frame.
                    longest = swallowed ? longest : Math.Max(longest, skipped);
                    swallowed = false;
                }
                else if (!IsOneOf(parser.Victims, frame))
                {
                    falseFrames++;
                    swallowed = true;
                }
            }
        }
        return (falseFrames, longest);
    }

    private static void Push(FrameScanner scanner, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> free = scanner.Free;
            int n = Math.Min(free.Length, bytes.Length);
            bytes[..n].CopyTo(free);
            scanner.Commit(n);
            bytes = bytes[n..];
        }
    }

    private static int Find(byte[][] frames, int next, ReadOnlySpan<byte> frame)
    {
        for (int i = 0; i < LookAhead; i++)
        {
            if (frame.SequenceEqual(frames[(next + i) % frames.Length]))
                return i;
        }
        return -1;
    }

    private static bool IsOneOf(byte[][] frames, ReadOnlySpan<byte> frame)
    {
        foreach (byte[] f in frames)
        {
            if (frame.SequenceEqual(f))
                return true;
        }
        return false;
    }

    private static int Damage(ReadOnlySpan<byte> frame, Span<byte> damaged, SeededRandom random)
    {
        frame.CopyTo(damaged);
        int n = frame.Length;
        int at = random.NextInt(n);
        switch (random.NextInt(5))
        {
            case 0: // bit errors
                for (int k = random.NextInt(3); k >= 0; k--)
                    damaged[random.NextInt(n)] ^= (byte)(1 << random.NextInt(8));
                return n;
            case 1: // a lost byte
                damaged[(at + 1)..n].CopyTo(damaged[at..]);
                return n - 1;
            case 2: // a stray byte
                damaged[at..n].CopyTo(damaged[(at + 1)..]);
                damaged[at] = (byte)random.NextInt(256);
                return n + 1;
            case 3: // cut short
                return at;
            default: // the tail twice
                damaged[at..n].CopyTo(damaged[n..]);
                return n + n - at;
        }
    }
}
