using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Robotics.Drivers.Serial;

/// <summary>The device end of a pseudo-terminal: what an emulator holds while a driver opens <see cref="PortPath"/> like a serial port.</summary>
/// <remarks>While nobody has the port open the stream is idle, not lost: a driver may close and come back.</remarks>
public sealed class PseudoTerminal : TerminalStream
{
    private const int MaxName = 128;

    private PseudoTerminal(SafeFileHandle handle, string portPath)
        : base(handle, $"pty:{portPath}") => PortPath = portPath;

    /// <summary>Path a driver opens, for example <c>/dev/pts/3</c>.</summary>
    public string PortPath { get; }

    private protected override StreamStatus OnInputOutputError => StreamStatus.Idle;

    /// <summary>A new pseudo-terminal.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    public static unsafe PseudoTerminal Create()
    {
        SafeFileHandle handle = Posix.OpenPseudoTerminal(Posix.O_RDWR | Posix.O_NOCTTY | Posix.O_NONBLOCK | Posix.O_CLOEXEC);
        byte* name = stackalloc byte[MaxName];
        if (handle.IsInvalid || Posix.GrantPseudoTerminal(handle) != 0 || Posix.UnlockPseudoTerminal(handle) != 0
            || Posix.PseudoTerminalName(handle, name, MaxName) != 0)
        {
            string reason = Marshal.GetLastPInvokeErrorMessage();
            handle.Dispose();
            throw new IOException($"no pseudo-terminal could be made: {reason}");
        }
        string path = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        return new PseudoTerminal(handle, path);
    }
}
