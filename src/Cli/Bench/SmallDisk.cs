using System.Runtime.InteropServices;

namespace Robotics.Cli.Bench;

/// <summary>A small tmpfs for the spool of `bench kill`, so that a disk can be full without filling the machine's. Mounting needs root; elsewhere the rounds are left out.</summary>
internal sealed partial class SmallDisk : IDisposable
{
    private const string Size = "size=256m"; // a run of a thousand rounds
    private const int MNT_DETACH = 2; // sys/mount.h
    private readonly string _folder;

    public SmallDisk(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        IsMounted = Native.mount("robotics", folder, "tmpfs", 0, Size) == 0;
    }

    /// <summary>There is one.</summary>
    public bool IsMounted { get; }

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Takes all that is left on it.</summary>
    public void Fill()
    {
        var block = new byte[1 << 20];
        try
        {
            using FileStream file = File.Create(Filler, bufferSize: 0);
            for (int size = block.Length; size >= 512;)
            {
                try
                {
                    file.Write(block, 0, size);
                }
                catch (IOException)
                {
                    size /= 2;
                }
            }
        }
        catch (IOException)
        {
            // Not even the file fits: it is as full as it gets.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Empty() => File.Delete(Filler);

    /// <summary>Gives it back; what lies on it goes to the disk below, where somebody may want to count again.</summary>
    public void Dispose()
    {
        if (!IsMounted)
            return;
        string kept = _folder + ".kept";
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(kept, Path.GetRelativePath(_folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        if (Native.umount2(_folder, MNT_DETACH) != 0)
            return; // the copy stays beside it
        Directory.Delete(_folder);
        Directory.Move(kept, _folder);
    }

    private static partial class Native
    {
        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int mount(string source, string target, string type, ulong flags, string data);

        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        internal static partial int umount2(string target, int flags);
    }
}
