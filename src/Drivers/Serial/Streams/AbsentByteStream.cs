namespace Robotics.Drivers.Serial;

/// <summary>A link that is not there: lets a driver describe its robot (channels, limits) without opening the device.</summary>
/// <param name="name">The endpoint that another process opens.</param>
public sealed class AbsentByteStream(string name) : IByteStream
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        return StreamStatus.Lost;
    }

    /// <inheritdoc/>
    public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        return StreamStatus.Lost;
    }

    /// <inheritdoc/>
    public bool Wait(int timeoutMs) => false;

    /// <summary>Nothing to release.</summary>
    public void Dispose() { }
}
