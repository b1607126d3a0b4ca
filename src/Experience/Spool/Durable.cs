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
    private const int POSIX_FADV_DONTNEED = 4; // linux/fadvise.h
    private const long PageBytes = 4096;
    private const long MinForgetBytes = 1 << 20; // a robot without images never comes to a call

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

    /// <summary>Tells the page cache that bytes which are on the disk will hardly be read again, so that a stream of images does not fill the memory.</summary>
    /// <remarks>Besides, the kernel then writes into pages that it just got back, which is several times as fast as fresh ones (docs/benchmarks.md).</remarks>
    /// <returns>The offset up to which it was told; <paramref name="from"/> where there was too little to be worth a call.</returns>
    public static long Forget(SafeFileHandle file, long from, long to)
    {
        to &= ~(PageBytes - 1); // the page being filled stays
        if (!OperatingSystem.IsLinux() || to - from < MinForgetBytes)
            return from;
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            // Advice only: where the system does not take it, nothing is wrong but the memory used.
            _ = Native.posix_fadvise((int)file.DangerousGetHandle(), from, to - from, POSIX_FADV_DONTNEED);
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
        return to;
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

        [LibraryImport("libc")]
        internal static partial int posix_fadvise(int descriptor, long offset, long length, int advice);

        [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int open(string path, int flags);

        [LibraryImport("libc", SetLastError = true)]
        internal static partial int close(int descriptor);
    }
}
