using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Robotics.Drivers.Serial;

/// <summary>A serial port in raw mode, 8 data bits, no parity, 1 stop bit, at any baud rate, locked for this process.</summary>
/// <remarks>Linux termios2 with BOTHER, so 416 666 or 921 600 baud need no table. Works on pseudo-terminals too.
/// Give the stable path (<c>/dev/serial/by-id/...</c>): it survives unplugging and other devices being plugged in.</remarks>
public sealed class SerialPort : TerminalStream
{
    private const uint CSIZE = 0x30; // uapi/asm-generic/termbits.h
    private const uint CS8 = 0x30;
    private const uint CSTOPB = 0x40;
    private const uint CREAD = 0x80;
    private const uint PARENB = 0x100;
    private const uint CLOCAL = 0x800;
    private const uint BOTHER = 0x1000;
    private const uint CBAUD = 0x100F;
    private const uint CRTSCTS = 0x8000_0000;
    private const int VTIME = 5;
    private const int VMIN = 6;
    private const int AsyncLowLatency = 1 << 13; // ASYNC_LOW_LATENCY, uapi/linux/tty_flags.h
    private const int SerialStructBytes = 72; // sizeof(struct serial_struct), 64-bit
    private const int SerialStructFlags = 16; // offset of its flags

    private SerialPort(SafeFileHandle handle, string path, int baud)
        : base(handle, $"serial:{path}:{baud}") => Baud = baud;

    /// <summary>Rate in bits per second.</summary>
    public int Baud { get; }

    /// <summary>True where the kernel driver took the low-latency flag; a USB adapter without it adds up to 16 ms per read.</summary>
    public bool LowLatency { get; private set; }

    /// <summary>Opens <paramref name="path"/> at <paramref name="baud"/> bits per second.</summary>
    /// <exception cref="IOException">Missing, no permission, in use or not a terminal; the message says what to do.</exception>
    public static SerialPort Open(string path, int baud)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baud);
        SafeFileHandle handle = Posix.Open(path, Posix.O_RDWR | Posix.O_NOCTTY | Posix.O_NONBLOCK | Posix.O_CLOEXEC);
        if (handle.IsInvalid)
            throw new IOException(OpenDiagnosis(path));
        var port = new SerialPort(handle, path, baud);
        try
        {
            port.TakeLock(path);
            port.Configure(path);
            port.LowLatency = port.TrySetLowLatency();
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>True where this user may read and write <paramref name="path"/>. Asks only: opening would raise DTR, which resets some boards.</summary>
    public static bool MayOpen(string path) => Posix.Access(path, Posix.R_OK_W_OK) == 0;

    private static string OpenDiagnosis(string path)
    {
        string reason = Marshal.GetLastPInvokeErrorMessage();
        string advice = File.Exists(path)
            ? "check the group of the device (dialout) and that no other program has it open"
            : "is it plugged in? `robotics config find-port` lists the ports of this machine";
        return $"serial port {path} cannot be opened: {reason}; {advice}";
    }

    // Two locks: flock for programs that ask, TIOCEXCL for those that do not.
    private void TakeLock(string path)
    {
        if (Posix.Lock(Handle, Posix.LOCK_EX_NB) != 0)
            throw new IOException($"serial port {path} is in use by another program (its lock is held); close it first");
        _ = Posix.Ioctl(Handle, Posix.TIOCEXCL, 0);
    }

    private unsafe void Configure(string path)
    {
        var t = default(Posix.Termios2);
        if (Posix.Ioctl(Handle, Posix.TCGETS2, ref t) != 0)
            throw new IOException($"{path} is not a serial port: {Marshal.GetLastPInvokeErrorMessage()}");
        t.InputFlags = 0; // no parity marks, no CR/NL translation, no XON/XOFF: all 256 byte values pass
        t.OutputFlags = 0;
        t.LocalFlags = 0;
        t.ControlFlags &= ~(CSIZE | CSTOPB | PARENB | CBAUD | CRTSCTS);
        t.ControlFlags |= CS8 | CREAD | CLOCAL | BOTHER;
        t.InputSpeed = (uint)Baud;
        t.OutputSpeed = (uint)Baud;
        t.ControlCharacters[VMIN] = 1; // with O_NONBLOCK: EAGAIN where empty, 0 only where the other end is gone
        t.ControlCharacters[VTIME] = 0;
        if (Posix.Ioctl(Handle, Posix.TCSETS2, ref t) != 0)
            throw new IOException($"serial port {path} refuses {Baud} baud: {Marshal.GetLastPInvokeErrorMessage()}");
        _ = Posix.Ioctl(Handle, Posix.TCFLSH, 2); // TCIOFLUSH: what arrived before we configured the line is noise
    }

    private unsafe bool TrySetLowLatency()
    {
        byte* serial = stackalloc byte[SerialStructBytes];
        if (Posix.Ioctl(Handle, Posix.TIOCGSERIAL, serial) != 0)
            return false;
        *(int*)(serial + SerialStructFlags) |= AsyncLowLatency;
        return Posix.Ioctl(Handle, Posix.TIOCSSERIAL, serial) == 0;
    }
}
