using Robotics.Core;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>The driver's end of a link to an emulated device in this process, which moves to the clock's time before every read.</summary>
/// <remarks>With a manual clock a real robot's configuration flies in lockstep; with the monotonic clock, in real time.</remarks>
public sealed class EmulatorByteStream : IByteStream
{
    private readonly IByteStream _host;
    private readonly IClock _clock;
    private readonly long _startNs;

    /// <summary>A link to what <paramref name="connect"/> makes of the device's end.</summary>
    public EmulatorByteStream(Func<IByteStream, IEmulatedDevice> connect, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(connect);
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        var pair = new MemoryStreamPair();
        _host = pair.Host;
        Device = connect(pair.Device);
        _startNs = clock.NowNs;
    }

    /// <summary>The device at the other end.</summary>
    public IEmulatedDevice Device { get; }

    /// <inheritdoc/>
    public string Name => "emulator";

    /// <inheritdoc/>
    public StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        Device.AdvanceTo(_clock.NowNs - _startNs);
        return _host.TryRead(buffer, out count);
    }

    /// <inheritdoc/>
    public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count) => _host.TryWrite(bytes, out count);

    /// <inheritdoc/>
    public bool Wait(int timeoutMs) => _host.Wait(timeoutMs);

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();
}
