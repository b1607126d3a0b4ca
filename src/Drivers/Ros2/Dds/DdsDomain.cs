namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Domains of this process. Cyclone configures a domain once per process, so a second context must want the same.</summary>
internal static class DdsDomain
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<int, string> s_configured = [];

    /// <summary>Configures <paramref name="options"/>' domain on first use.</summary>
    /// <exception cref="DdsException">Cyclone refused, or the domain runs with another configuration in this process.</exception>
    public static void Ensure(RosOptions options)
    {
        DdsLibrary.Load();
        string xml = options.ToCycloneXml();
        lock (s_gate)
        {
            if (s_configured.TryGetValue(options.Domain, out string? present))
            {
                if (present != xml)
                    throw new DdsException($"ROS domain {options.Domain} already runs in this process with another configuration:\n  {present}\nwanted:\n  {xml}");
                return;
            }
            DdsException.Check(DdsNative.dds_create_domain((uint)options.Domain, xml), $"ROS domain {options.Domain} with {xml}");
            s_configured[options.Domain] = xml;
        }
    }
}
