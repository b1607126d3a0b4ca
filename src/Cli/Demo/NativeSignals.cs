using System.Runtime.InteropServices;

namespace Robotics.Cli.Demo;

/// <summary>Signals to child processes; .NET itself can only send SIGKILL.</summary>
internal static partial class NativeSignals
{
    public const int Interrupt = 2; // SIGINT, signal(7)
    public const int KillNow = 9; // SIGKILL
    public const int Terminate = 15; // SIGTERM
    public const int Continue = 18; // SIGCONT
    public const int Stop = 19; // SIGSTOP

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);
}
