using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Robotics.Experience;

/// <summary>Makes files and folder entries survive a power cut.</summary>
internal static partial class Durable
{
    private const int O_RDONLY = 0;
    private const int O_DIRECTORY = 0x10000; // asm-generic/fcntl.h; arm64 differs, see below
    private const int O_CLOEXEC = 0x80000;

    /// <summary>Waits until the data of <paramref name="file"/> and what is needed to read it back are on the disk.</summary>
    /// <exception cref="IOException">The disk says no.</exception>
    public static void Sync(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            // fdatasync also writes the file's length where it changed; it spares the time stamps, which nobody needs here.
            if (Native.fdatasync((int)file.DangerousGetHandle()) != 0)
                throw new IOException($"fdatasync failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    /// <summary>Waits until the entries of <paramref name="folder"/> are on the disk: without it a new file may vanish in a power cut.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        // O_DIRECTORY has another value on arm64 (0x4000); it only guards against a non-folder, so it is left out there.
        int flags = O_RDONLY | O_CLOEXEC | (RuntimeInformation.ProcessArchitecture == Architecture.X64 ? O_DIRECTORY : 0);
        int descriptor = Native.open(folder, flags);
        if (descriptor < 0)
            throw new IOException($"cannot open folder {folder} to sync it: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        int result = Native.fsync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        Native.close(descriptor);
        if (result != 0)
            throw new IOException($"cannot sync folder {folder}: {new Win32Exception(error).Message}");
    }

    private static partial class Native
    {
        [LibraryImport("libc", SetLastError = true)]
        internal static partial int fdatasync(int descriptor);

        [LibraryImport("libc", SetLastError = true)]
        internal static partial int fsync(int descriptor);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int open(string path, int flags);

        [LibraryImport("libc", SetLastError = true)]
        internal static partial int close(int descriptor);
    }
}
