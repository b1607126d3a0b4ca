namespace Robotics.Runtime.Memory;

/// <summary>The record ring of control and agent in a file of its own, as large as the robot's records need.</summary>
/// <remarks>Start of a process only. Whoever has the ring open holds the file shared (flock), so a ring of another size is never made under somebody's feet.</remarks>
internal static class RecordFile
{
    private const int PatienceMs = 1000; // another starter holds the file alone only while it makes it

    /// <summary>Opens the ring in <paramref name="path"/>, or makes it with <paramref name="capacityBytes"/>; an empty one of another size is made anew.</summary>
    /// <exception cref="IOException">It holds records of another configuration, somebody uses it with another size, or there is no room for it.</exception>
    public static (SharedRegion Region, RecordRing Ring) Open(string path, int capacityBytes)
    {
        long length = RecordRing.SizeFor(capacityBytes);
        FileStream stream = OpenSized(path, length);
        try
        {
            SharedRegion region = SharedRegion.Map(stream);
            return (region, RecordRing.Attach(region, 0, capacityBytes));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static FileStream OpenSized(string path, long length)
    {
        FileStream? shared = null;
        if (SpinWait.SpinUntil(() => (shared = TryOpenSized(path, length)) is not null, PatienceMs))
            return shared!;
        throw new IOException(
            $"shared memory {path} is in use with {new FileInfo(path).Length} bytes, this configuration needs {length}: a process of another configuration has it; stop it first");
    }

    // Whoever finds nobody there sets the size; then it is one among those who share.
    private static FileStream? TryOpenSized(string path, long length)
    {
        if (TryOpen(path, FileShare.None) is { } alone)
        {
            using (alone)
                Size(alone, length);
        }
        FileStream? shared = TryOpen(path, FileShare.ReadWrite);
        if (shared?.Length == length)
            return shared;
        shared?.Dispose();
        return null;
    }

    // Null where others hold it.
    private static FileStream? TryOpen(string path, FileShare share)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = share,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    private static void Size(FileStream alone, long length)
    {
        if (alone.Length == length)
            return;
        long pending = RecordRing.PendingIn(alone);
        if (pending != 0)
        {
            throw new IOException(
                $"shared memory {alone.Name} holds {pending} bytes of records that no agent has taken, in a ring of {alone.Length} bytes; this configuration needs {length}: "
                    + "run 'robotics agent' once with the configuration they were made under, or delete the file and lose them");
        }
        alone.SetLength(0);
        SharedRegion.TakeRoom(alone, length);
    }
}
