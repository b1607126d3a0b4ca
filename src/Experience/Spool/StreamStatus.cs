using System.Globalization;

namespace Robotics.Experience;

/// <summary>What the writer of a stream last said of itself, for people who look at the folder (`robotics spool info`). Nothing depends on it.</summary>
/// <param name="Acknowledged">Greatest sequence that the learner has persisted, as the edge knew.</param>
/// <param name="MaxBytes">Bound of the stream's segments, bytes; 0 for none.</param>
/// <param name="Retention">What happens at the bound.</param>
public readonly record struct StreamStatus(ulong Acknowledged, long MaxBytes, SpoolRetention Retention)
{
    /// <summary>Name of the file in the stream's folder: text, one <c>name value</c> a line.</summary>
    public const string FileName = "status";

    /// <summary>Reads the file in <paramref name="folder"/>; null where there is none or it says something else.</summary>
    public static StreamStatus? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        StreamStatus status = default;
        foreach (string line in File.ReadLines(path))
        {
            string[] words = line.Split(' ');
            string value = words[^1];
            switch (words[0])
            {
                case "acknowledged" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong acknowledged):
                    status = status with { Acknowledged = acknowledged };
                    break;
                case "max_bytes" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes):
                    status = status with { MaxBytes = bytes };
                    break;
                case "when_full" when value is "refuse_arming" or "drop_acknowledged":
                    status = status with { Retention = value == "refuse_arming" ? SpoolRetention.KeepAll : SpoolRetention.DropAcknowledged };
                    break;
                default:
                    return null;
            }
        }
        return status;
    }

    /// <summary>Puts the file into <paramref name="folder"/>; where the disk refuses, the old one stays: harmless.</summary>
    internal void Write(string folder)
    {
        string path = Path.Combine(folder, FileName), temporary = path + ".new";
        string whenFull = Retention == SpoolRetention.KeepAll ? "refuse_arming" : "drop_acknowledged";
        try
        {
            File.WriteAllText(temporary, string.Create(CultureInfo.InvariantCulture, $"acknowledged {Acknowledged}\nmax_bytes {MaxBytes}\nwhen_full {whenFull}\n"));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not end the writer because nobody can look at it.
        }
    }
}
