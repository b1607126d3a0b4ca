using System.Runtime.InteropServices;

namespace Robotics.Cli.Demo;

/// <summary>Signals to child processes; .NET itself can only send SIGKILL.</summary>
internal static partial class NativeSignals
{
    public const int Terminate = 15; // SIGTERM, signal(7)

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);
}
