using System.Globalization;
using System.Text;

namespace Robotics.Drivers.Ros2;

/// <summary>Where and how a process joins a ROS 2 graph.</summary>
public sealed record RosOptions
{
    private const int MaxDomain = 232; // above it the UDP ports of DDSI-RTPS 2.2 (7400 + 250 d) leave 16 bits

    /// <summary>Domain, 0 to 232.</summary>
    public int Domain { get; init; }

    /// <summary>How far to look.</summary>
    public DiscoveryRange Discovery { get; init; } = DiscoveryRange.Localhost;

    /// <summary>Further addresses to ask (ROS_STATIC_PEERS).</summary>
    public IReadOnlyList<string> StaticPeers { get; init; } = [];

    /// <summary>Network interface to use alone (<c>lo</c>, <c>eth0</c>); null leaves the choice to DDS.</summary>
    public string? Interface { get; init; }

    /// <summary>Security enclave named in the graph.</summary>
    public string Enclave { get; init; } = "/";

    /// <summary>Length of GIDs in the graph message.</summary>
    public GidLayout GidLayout { get; init; } = GidLayout.Auto;

    /// <summary>Samples larger than this are counted and dropped. 16 MiB holds a 4K BGR image's 24 MB no more; raise it for such.</summary>
    public int MaxSampleBytes { get; init; } = 16 << 20;

    /// <summary>Types that can be used.</summary>
    public InterfaceCatalog Interfaces { get; init; } = InterfaceCatalog.Default;

    /// <summary>What ROS_DOMAIN_ID, ROS_AUTOMATIC_DISCOVERY_RANGE, ROS_STATIC_PEERS and ROS_DISTRO of the environment ask for.</summary>
    /// <exception cref="ArgumentException">A variable holds nonsense; the message names it.</exception>
    public static RosOptions FromEnvironment()
    {
        string range = Environment.GetEnvironmentVariable("ROS_AUTOMATIC_DISCOVERY_RANGE") ?? "";
        return new RosOptions
        {
            Domain = ParseDomain(Environment.GetEnvironmentVariable("ROS_DOMAIN_ID")),
            Discovery = range.ToUpperInvariant() switch
            {
                "" or "LOCALHOST" => DiscoveryRange.Localhost,
                "SUBNET" or "SYSTEM_DEFAULT" => DiscoveryRange.Subnet,
                "OFF" => DiscoveryRange.Off,
                _ => throw new ArgumentException($"ROS_AUTOMATIC_DISCOVERY_RANGE={range}: expected LOCALHOST, SUBNET, SYSTEM_DEFAULT or OFF"),
            },
            StaticPeers = (Environment.GetEnvironmentVariable("ROS_STATIC_PEERS") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries),
            GidLayout = LayoutOf(Environment.GetEnvironmentVariable("ROS_DISTRO")),
        };
    }

    /// <summary>GID layout of a ROS distribution by name; unknown names are detected.</summary>
    public static GidLayout LayoutOf(string? distribution) =>
        distribution switch
        {
            "foxy" or "galactic" or "humble" => GidLayout.Bytes24,
            "iron" or "jazzy" or "kilted" or "rolling" => GidLayout.Bytes16,
            _ => GidLayout.Auto,
        };

    /// <summary>Throws where the options contradict themselves.</summary>
    internal void Check()
    {
        if (Domain is < 0 or > MaxDomain)
            throw new ArgumentException($"ROS domain {Domain}: allowed are 0 to {MaxDomain} (UDP ports end there)");
        foreach (string text in StaticPeers.Append(Interface ?? ""))
        {
            if (text.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '-' or '_' or '%')))
                throw new ArgumentException($"'{text}' is not an address or an interface name");
        }
    }

    /// <summary>The Cyclone configuration for these options, with CYCLONEDDS_URI behind it as rmw_cyclonedds does.</summary>
    internal string ToCycloneXml()
    {
        var xml = new StringBuilder("<CycloneDDS><Domain><General>");
        if (Interface is not null)
            xml.Append(CultureInfo.InvariantCulture, $"<Interfaces><NetworkInterface name=\"{Interface}\"/></Interfaces>");
        if (Discovery != DiscoveryRange.Subnet)
            xml.Append("<AllowMulticast>false</AllowMulticast>");
        xml.Append("</General><Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>32</MaxAutoParticipantIndex>");
        if (Discovery == DiscoveryRange.Off)
            xml.Append(CultureInfo.InvariantCulture, $"<Tag>ros_discovery_off_{Environment.ProcessId}</Tag>");
        IEnumerable<string> peers = Discovery switch
        {
            DiscoveryRange.Localhost => StaticPeers.Prepend(Interface == "lo" ? "127.0.0.1" : "localhost"),
            DiscoveryRange.Subnet => StaticPeers,
            _ => [],
        };
        xml.Append("<Peers>").AppendJoin("", peers.Select(p => $"<Peer address=\"{p}\"/>")).Append("</Peers>");
        xml.Append("</Discovery></Domain></CycloneDDS>");
        string? uri = Environment.GetEnvironmentVariable("CYCLONEDDS_URI");
        return string.IsNullOrEmpty(uri) ? xml.ToString() : $"{xml},{uri}";
    }

    private static int ParseDomain(string? text) =>
        string.IsNullOrEmpty(text) ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int domain) && domain <= MaxDomain ? domain
        : throw new ArgumentException($"ROS_DOMAIN_ID={text}: expected 0 to {MaxDomain}");
}
