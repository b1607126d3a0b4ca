using System.Runtime.InteropServices;

namespace Robotics.Policies;

/// <summary>Writes a file so that after a crash either the old or the new content is there, whole.</summary>
internal static partial class DurableFile
{
    /// <summary>Suffix of a file that is being written; a leftover of a crash and never read.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int ReadOnly = 0; // O_RDONLY, the same on every architecture

    /// <summary>Temporary file, flush, rename, flush of the folder.</summary>
    /// <param name="flush">False leaves the flushing to the system: safe against a crash of the process, not of the machine.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool flush)
    {
        string temporary = path + TemporarySuffix;
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(content);
            if (flush)
                stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        if (flush && OperatingSystem.IsLinux())
            FlushFolder(Path.GetDirectoryName(path)!);
    }

    private static void FlushFolder(string folder)
    {
        int descriptor = Open(folder, ReadOnly);
        if (descriptor < 0)
            return;
        _ = FlushDescriptor(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FlushDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
