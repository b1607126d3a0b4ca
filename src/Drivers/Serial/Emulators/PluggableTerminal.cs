namespace Robotics.Drivers.Serial.Emulators;

/// <summary>A pseudo-terminal behind a path that stays, as <c>/dev/serial/by-id</c> stays for a USB device: can be pulled out and plugged in again.</summary>
/// <remarks>Pulled out, whoever has it open gets a hang-up and the path is gone; plugged in, it is a new terminal under the same path. One thread.</remarks>
public sealed class PluggableTerminal : IByteStream
{
    private PseudoTerminal? _terminal;

    /// <summary>Plugged in, at <paramref name="path"/>: a symbolic link that this object owns.</summary>
    /// <exception cref="IOException">Something that is no link is there already, or the folder cannot be written.</exception>
    public PluggableTerminal(string path)
    {
        Path = path ?? throw new ArgumentNullException(nameof(path));
        if (File.Exists(path) && new FileInfo(path).LinkTarget is null)
            throw new IOException($"{path} exists and is no link of an emulator; choose another path");
        Plug();
    }

    /// <summary>What a driver opens.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public string Name => $"serial:{Path}";

    /// <summary>Puts the cable back; nothing happens where it is in.</summary>
    public void Plug()
    {
        if (_terminal is not null)
            return;
        _terminal = PseudoTerminal.Create();
        File.Delete(Path);
        File.CreateSymbolicLink(Path, _terminal.PortPath);
    }

    /// <summary>Pulls the cable.</summary>
    public void Unplug()
    {
        File.Delete(Path);
        _terminal?.Dispose();
        _terminal = null;
    }

    /// <inheritdoc/>
    public StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        return _terminal?.TryRead(buffer, out count) ?? StreamStatus.Idle;
    }

    /// <inheritdoc/>
    public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        return _terminal?.TryWrite(bytes, out count) ?? StreamStatus.Idle;
    }

    /// <inheritdoc/>
    public bool Wait(int timeoutMs) => _terminal?.Wait(timeoutMs) ?? false;

    /// <inheritdoc/>
    public void Dispose() => Unplug();
}
