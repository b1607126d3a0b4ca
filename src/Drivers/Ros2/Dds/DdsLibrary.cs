using System.Reflection;
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Finds Cyclone DDS on this machine: the one named by ROBOTICS_DDSC, Debian's, or that of an installed ROS 2.</summary>
public static class DdsLibrary
{
    // Debian 12 calls it 0debian; ROS 2 Humble to Kilted and upstream 0.10 libddsc.so.0; upstream 11 libddsc.so.11.
    private static readonly string[] s_names = ["libddsc.so.0debian", "libddsc.so.0", "libddsc.so.11", "libddsc.so"];
    // What lies outside the stable C API; whether it also behaves is for DdsSelfCheck.
    private static readonly string[] s_exports =
        ["dds_create_domain", "dds_takecdr", "dds_writecdr", "ddsi_serdata_size", "ddsi_serdata_to_ser_ref", "ddsi_serdata_to_ser_unref", "ddsi_sertype_v0"];

    private static readonly Lock s_gate = new();
    private static nint s_handle;
    private static bool s_resolving;

    /// <summary>True where a libddsc can be loaded; <paramref name="reason"/> says what is missing and how to get it.</summary>
    public static bool IsAvailable(out string reason)
    {
        reason = TryLoad() != 0
            ? ""
            : $"no usable Cyclone DDS was found (tried {string.Join(", ", Candidates())}): apt-get install libddsc0debian, or set ROBOTICS_DDSC to the path of a libddsc";
        return reason.Length == 0;
    }

    /// <summary>Loads the library once for the process.</summary>
    /// <exception cref="DdsException">None was found; the message says where it was looked for.</exception>
    internal static nint Load() => IsAvailable(out string reason) ? s_handle : throw new DdsException(reason);

    private static nint TryLoad()
    {
        lock (s_gate)
        {
            if (s_handle != 0)
                return s_handle;
            foreach (string name in Candidates())
            {
                if (NativeLibrary.TryLoad(name, out s_handle) && MissingExports(s_handle).Length == 0)
                    break;
                s_handle = 0;
            }
            if (s_handle != 0 && !s_resolving)
            {
                s_resolving = true;
                NativeLibrary.SetDllImportResolver(typeof(DdsLibrary).Assembly, Resolve);
            }
            return s_handle;
        }
    }

    /// <summary>What a loaded library lacks to be a Cyclone DDS of a known kind; empty where it has everything.</summary>
    internal static string[] MissingExports(nint library) => [.. s_exports.Where(e => !NativeLibrary.TryGetExport(library, e, out _))];

    private static string[] Candidates()
    {
        string? configured = Environment.GetEnvironmentVariable("ROBOTICS_DDSC");
        return string.IsNullOrEmpty(configured) ? s_names : [configured];
    }

    // Other native libraries of this assembly go the ordinary way.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == DdsNative.Library ? s_handle : 0;
}
