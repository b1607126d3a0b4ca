using System.Globalization;

namespace Robotics.Experience;

/// <summary>One file of a stream.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="FirstSequence">The least sequence number it may hold, from its name.</param>
public readonly record struct SegmentFile(string Path, ulong FirstSequence)
{
    /// <summary>Extension of segment files.</summary>
    public const string Extension = ".seg";

    /// <summary>Name of the segment that starts with <paramref name="firstSequence"/>: 20 decimal digits, so that names sort as numbers.</summary>
    public static string NameOf(ulong firstSequence) => firstSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The segments of <paramref name="folder"/> in order; files with other names are left alone.</summary>
    public static IReadOnlyList<SegmentFile> List(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var found = new List<SegmentFile>();
        foreach (string path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            string name = System.IO.Path.GetFileNameWithoutExtension(path);
            if (name.Length == 20 && ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out ulong first))
                found.Add(new SegmentFile(path, first));
        }
        found.Sort((a, b) => a.FirstSequence.CompareTo(b.FirstSequence));
        return found;
    }
}
