using System.IO.MemoryMappedFiles;
using Robotics.Runtime.Memory;

namespace Robotics.Cli.Bench;

/// <summary>What the processes of `bench kill` share: the ring, and a few words that outlive all of them.</summary>
internal sealed class KillBenchMemory : IDisposable
{
    private const int RingBytes = 1 << 22;
    private const int Words = 4096;
    private const int AcknowledgedAt = 0, DrainedAt = 1, SlowDiskAt = 2, BootsAt = 8;

    private readonly SharedRegion _region;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _words;

    public KillBenchMemory(string folder)
    {
        _region = SharedRegion.OpenOrCreate(Path.Combine(folder, "ring"), RecordRing.SizeFor(RingBytes));
        Ring = RecordRing.Attach(_region, 0, RingBytes);
        _file = MemoryMappedFile.CreateFromFile(Path.Combine(folder, "words"), FileMode.OpenOrCreate, null, Words * sizeof(ulong));
        _words = _file.CreateViewAccessor();
    }

    /// <summary>The ring between control and agent.</summary>
    public RecordRing Ring { get; }

    /// <summary>Boots the words have room for.</summary>
    public static int MaxBoots => Words - BootsAt - 1;

    /// <summary>Acknowledgements that agents have seen, all lives together.</summary>
    public long Acknowledgements
    {
        get => _words.ReadInt64(AcknowledgedAt * sizeof(ulong));
        set => _words.Write(AcknowledgedAt * sizeof(ulong), value);
    }

    /// <summary>The agent has nothing left to do.</summary>
    public bool IsDrained
    {
        get => _words.ReadInt64(DrainedAt * sizeof(ulong)) != 0;
        set => _words.Write(DrainedAt * sizeof(ulong), value ? 1L : 0L);
    }

    /// <summary>What each wait for the disk takes longer, at agent and learner, ms.</summary>
    public int SlowDiskMs
    {
        get => (int)_words.ReadInt64(SlowDiskAt * sizeof(ulong));
        set => _words.Write(SlowDiskAt * sizeof(ulong), (long)value);
    }

    /// <summary>Last sequence that the control process of a boot has committed to the ring: what it had recorded, whatever happened to it.</summary>
    public ulong RecordedOf(ulong boot) => _words.ReadUInt64((long)((ulong)BootsAt + boot) * sizeof(ulong));

    public void SetRecorded(ulong boot, ulong sequence) => _words.Write((long)((ulong)BootsAt + boot) * sizeof(ulong), sequence);

    public void Dispose()
    {
        _words.Dispose();
        _file.Dispose();
        _region.Dispose();
    }
}
