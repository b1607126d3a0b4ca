namespace Robotics.Drivers.Serial;

/// <summary>Kind of link behind a <see cref="ByteEndpoint"/>.</summary>
public enum EndpointKind
{
    /// <summary>A serial port.</summary>
    Serial,

    /// <summary>UDP datagrams.</summary>
    Udp,

    /// <summary>A TCP connection.</summary>
    Tcp,

    /// <summary>An emulated device inside this process, on the control thread's own clock.</summary>
    Emulator,
}
