using System.Globalization;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>A bundle's file name in a store: run-epoch-counter-content, so that names sort by version within a run.</summary>
internal static class PolicyFileName
{
    public const string Extension = ".rpb";

    public static string Of(PolicyIdentity identity) =>
        string.Create(CultureInfo.InvariantCulture, $"{identity.Run:x16}-{identity.Epoch:d10}-{identity.Counter:d10}-{identity.ContentHash:x16}{Extension}");

    public static bool TryParse(string name, out PolicyIdentity identity)
    {
        identity = default;
        string[] parts = name.EndsWith(Extension, StringComparison.Ordinal) ? name[..^Extension.Length].Split('-') : [];
        if (parts.Length != 4
            || !ulong.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong run)
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint epoch)
            || !uint.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint counter)
            || !ulong.TryParse(parts[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong content))
            return false;
        identity = new PolicyIdentity(run, epoch, counter, content);
        return string.Equals(Of(identity), name, StringComparison.Ordinal);
    }
}
