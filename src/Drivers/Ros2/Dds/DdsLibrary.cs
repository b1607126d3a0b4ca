using System.Reflection;
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Finds Cyclone DDS on this machine: the one named by ROBOTICS_DDSC, Debian's, or that of an installed ROS 2.</summary>
public static class DdsLibrary
{
    // Debian 12 calls it 0debian; ROS 2 Humble to Kilted and upstream 0.10 libddsc.so.0; upstream 11 libddsc.so.11.
    private static readonly string[] s_names = ["libddsc.so.0debian", "libddsc.so.0", "libddsc.so.11", "libddsc.so"];
    private static readonly Lock s_gate = new();
    private static nint s_handle;
    private static bool s_resolving;

    /// <summary>True where a libddsc can be loaded; <paramref name="reason"/> says what is missing and how to get it.</summary>
    public static bool IsAvailable(out string reason)
    {
        reason = TryLoad() != 0
            ? ""
            : $"Cyclone DDS was not found (tried {string.Join(", ", Candidates())}): apt-get install libddsc0debian, or set ROBOTICS_DDSC to the path of a libddsc";
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
                if (NativeLibrary.TryLoad(name, out s_handle))
                    break;
            }
            if (s_handle != 0 && !s_resolving)
            {
                s_resolving = true;
                NativeLibrary.SetDllImportResolver(typeof(DdsLibrary).Assembly, Resolve);
            }
            return s_handle;
        }
    }

    private static string[] Candidates()
    {
        string? configured = Environment.GetEnvironmentVariable("ROBOTICS_DDSC");
        return string.IsNullOrEmpty(configured) ? s_names : [configured];
    }

    // Other native libraries of this assembly go the ordinary way.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == DdsNative.Library ? s_handle : 0;
}
