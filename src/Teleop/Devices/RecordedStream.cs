namespace Robotics.Teleop;

/// <summary>Recorded bytes played back in the portions in which they were read: how devices are tested without hardware.</summary>
public sealed class RecordedStream : IDeviceStream
{
    private readonly Queue<byte[]> _portions = new();

    /// <summary>A stream of <paramref name="portions"/>; more can follow.</summary>
    public RecordedStream(params IEnumerable<byte[]> portions)
    {
        foreach (byte[] portion in portions)
            Add(portion);
    }

    /// <inheritdoc/>
    public string Name => "recording";

    /// <summary>True to say that the device has gone once everything was read.</summary>
    public bool Ends { get; set; }

    /// <summary>Adds what one read will give.</summary>
    public void Add(byte[] portion) => _portions.Enqueue(portion);

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        if (!_portions.TryDequeue(out byte[]? portion))
            return Ends ? -1 : 0;
        portion.CopyTo(buffer);
        return portion.Length;
    }

    /// <summary>Nothing to release.</summary>
    public void Dispose() { }
}
