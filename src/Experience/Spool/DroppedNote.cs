using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Robotics.Experience;

/// <summary>What of a stream was given up with whole segments to keep within a bound. Lies beside the segments as text, and is durable before a segment goes.</summary>
/// <param name="Sequence">Everything up to here is given up; 0 for nothing.</param>
/// <param name="Records">Records that were.</param>
public readonly record struct DroppedNote(ulong Sequence, long Records)
{
    /// <summary>Name of the file in the stream's folder: text, sequence and records.</summary>
    public const string FileName = "dropped";

    /// <summary>Reads the note in <paramref name="folder"/>; nothing given up where there is none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DroppedNote Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return default;
        string[] words = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2
            && ulong.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence)
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long records)
            ? new DroppedNote(sequence, records) : default;
    }

    /// <summary>Puts the note into <paramref name="folder"/>: there is the old one or this one, also after a power cut.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Write(string folder)
    {
        string path = Path.Combine(folder, FileName), temporary = path + ".new";
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Sequence} {Records}\n")), 0);
            Durable.Sync(file);
        }
        File.Move(temporary, path, overwrite: true);
        Durable.SyncFolder(folder);
    }
}
