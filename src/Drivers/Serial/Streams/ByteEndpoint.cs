using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Robotics.Drivers.Serial;

/// <summary>Where a device is reached: <c>serial:/dev/ttyUSB0:921600</c>, <c>udp:14540</c> (listen), <c>udp:10.0.0.2:14540</c>,
/// <c>tcp:127.0.0.1:5760</c>, or <c>emulator</c> for a device that exists only inside this process.</summary>
/// <param name="Kind">Link kind.</param>
/// <param name="Address">Device path or host; empty for a UDP port that listens.</param>
/// <param name="Number">Baud rate or port.</param>
public sealed record ByteEndpoint(EndpointKind Kind, string Address, int Number)
{
    private const int MaxBaud = 20_000_000; // fastest USB serial bridges (FT4232H 12 Mbaud) with room

    /// <summary>Parses <paramref name="text"/>; where it is wrong, <paramref name="problem"/> says what is expected.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ByteEndpoint? endpoint, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        endpoint = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon < 0 ? "" : text[..colon];
        string rest = colon < 0 ? "" : text[(colon + 1)..];
        if (string.Equals(text, "emulator", StringComparison.Ordinal))
        {
            endpoint = new ByteEndpoint(EndpointKind.Emulator, "", 0);
            problem = "";
            return true;
        }
        problem = $"'{text}' is not an endpoint; write serial:/dev/serial/by-id/NAME:BAUD, udp:PORT, udp:HOST:PORT, tcp:HOST:PORT or emulator";
        EndpointKind? kind = scheme switch { "serial" => EndpointKind.Serial, "udp" => EndpointKind.Udp, "tcp" => EndpointKind.Tcp, _ => null };
        if (kind is null)
            return false;
        int last = rest.LastIndexOf(':');
        string address = last < 0 ? "" : rest[..last];
        if (!int.TryParse(rest[(last + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return false;
        int limit = kind == EndpointKind.Serial ? MaxBaud : ushort.MaxValue;
        if (number < 1 || number > limit || (address.Length == 0 && kind != EndpointKind.Udp))
            return false;
        endpoint = new ByteEndpoint(kind.Value, address, number);
        problem = "";
        return true;
    }

    /// <summary>Opens the link.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why and what to do.</exception>
    public IByteStream Open()
    {
        try
        {
            return Kind switch
            {
                EndpointKind.Serial => SerialPort.Open(Address, Number),
                EndpointKind.Tcp => TcpByteStream.Connect(Address, Number),
                EndpointKind.Emulator => throw new IOException("an emulated device is made with its driver (RobotDrivers), not opened"),
                _ when Address.Length == 0 => UdpByteStream.Listen(Number),
                _ => UdpByteStream.Connect(new IPEndPoint(Resolve(Address), Number)),
            };
        }
        catch (SocketException e)
        {
            throw new IOException($"{this} cannot be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Kind == EndpointKind.Emulator)
            return "emulator";
        string scheme = Kind switch { EndpointKind.Serial => "serial", EndpointKind.Tcp => "tcp", _ => "udp" };
        return Address.Length == 0 ? $"{scheme}:{Number}" : $"{scheme}:{Address}:{Number}";
    }

    private static IPAddress Resolve(string host) =>
        IPAddress.TryParse(host, out IPAddress? address)
            ? address
            : Array.Find(Dns.GetHostAddresses(host), a => a.AddressFamily == AddressFamily.InterNetwork)
                ?? throw new IOException($"udp:{host}: the host has no IPv4 address");
}
