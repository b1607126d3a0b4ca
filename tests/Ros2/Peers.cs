using System.Diagnostics;
using System.Security.Cryptography;
using Robotics.Tests.Shared;

namespace Robotics.Ros2.Tests;

/// <summary>Programs of others, built from Debian packages on first use and kept under artifacts/. A test whose peer cannot be built is skipped by name.</summary>
internal static class Peers
{
    public const string Loopback =
        "<CycloneDDS><Domain><General><Interfaces><NetworkInterface name=\"lo\"/></Interfaces><AllowMulticast>false</AllowMulticast></General>"
        + "<Discovery><ParticipantIndex>auto</ParticipantIndex><MaxAutoParticipantIndex>32</MaxAutoParticipantIndex><Peers><Peer address=\"127.0.0.1\"/></Peers></Discovery></Domain></CycloneDDS>";

    private static string Sources => Path.Combine(SharedData.RepositoryRoot, "bench", "ros2", "peers");

    /// <summary>The Cyclone DDS peer in C.</summary>
    public static string Cyclone() =>
        Build("cyclone_peer", ["Ros.idl", "cyclone_peer.c"], ["/usr/include/dds/dds.h"], "cyclonedds-dev, cyclonedds-tools and gcc",
            ("idlc", ["Ros.idl"]), ("gcc", ["-O2", "-I.", "-o", "cyclone_peer", "cyclone_peer.c", "Ros.c", "-lddsc"]));

    /// <summary>The Fast DDS peer in C++.</summary>
    public static string FastDds() =>
        Build("fastdds_peer", ["fastdds_peer.cpp"], ["/usr/include/fastdds/dds/domain/DomainParticipant.hpp", "/usr/include/fastcdr/Cdr.h"], "libfastrtps-dev, libfastcdr-dev and g++",
            ("g++", ["-O1", "-std=c++17", "-o", "fastdds_peer", "fastdds_peer.cpp", "-lfastrtps", "-lfastcdr"]));

    /// <summary>Folder with @foxglove/rosmsg2-serialization and the script of this folder.</summary>
    public static string Foxglove()
    {
        string folder = Prepare("foxglove", ["cdr.mjs", "package.json"]);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@foxglove", "rosmsg2-serialization")))
        {
            bool installed = TryRun("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], folder, out string output);
            Assert.SkipUnless(installed, $"needs nodejs and npm with a registry that has @foxglove/rosmsg2-serialization: {output}");
        }
        return folder;
    }

    /// <summary>Starts a peer that is killed when disposed.</summary>
    public static RunningPeer Start(string program, params string[] arguments) => new(program, arguments);

    /// <summary>Runs <paramref name="program"/> to its end.</summary>
    public static bool TryRun(string program, IEnumerable<string> arguments, string folder, out string output)
    {
        try
        {
            using Process p = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> error = p.StandardError.ReadToEndAsync();
            output = p.StandardOutput.ReadToEnd();
            p.WaitForExit();
            output += error.GetAwaiter().GetResult();
            return p.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            output = e.Message;
            return false;
        }
    }

    private static string Build(string name, string[] sources, string[] headers, string packages, params (string Tool, string[] Arguments)[] steps)
    {
        foreach (string header in headers)
            Assert.SkipUnless(File.Exists(header), $"needs {packages} (no {header})");
        string folder = Prepare(name, sources);
        string binary = Path.Combine(folder, name);
        foreach ((string tool, string[] arguments) in File.Exists(binary) ? [] : steps)
        {
            bool built = TryRun(tool, arguments, folder, out string output);
            Assert.SkipUnless(built || !output.StartsWith("An error occurred trying to start", StringComparison.Ordinal), $"needs {packages} (no {tool})");
            Assert.True(built, $"{tool} {string.Join(' ', arguments)}: {output}");
        }
        return binary;
    }

    // One folder per content of the sources, so that an old build is never taken for a new one.
    private static string Prepare(string name, string[] sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string s in sources)
            hash.AppendData(File.ReadAllBytes(Path.Combine(Sources, s)));
        string folder = Path.Combine(SharedData.RepositoryRoot, "artifacts", "ros2-peers", $"{name}-{Convert.ToHexStringLower(hash.GetCurrentHash())[..12]}");
        Directory.CreateDirectory(folder);
        foreach (string s in sources)
            File.Copy(Path.Combine(Sources, s), Path.Combine(folder, s), overwrite: true);
        return folder;
    }
}
