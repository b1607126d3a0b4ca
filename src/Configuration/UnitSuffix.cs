namespace Robotics.Configuration;

/// <summary>The unit that a key carries as its suffix: <c>max_speed_rad_s</c> is in rad/s.</summary>
internal static class UnitSuffix
{
    // Longest first, so that _rad_s is not taken for _s.
    private static readonly string[] s_suffixes =
    [
        "_rad_s2", "_deg_s2", "_rad_s", "_deg_s", "_km_h", "_m_s3", "_m_s2", "_m_s", "_mm_s", "_kg_m2", "_n_m", "_percent",
        "_rad", "_deg", "_rpm", "_ms", "_us", "_ns", "_min", "_hz", "_khz", "_mm", "_cm", "_km", "_ft", "_kg", "_mv", "_mib",
        "_kib", "_bytes", "_steps", "_ticks", "_g", "_m", "_s", "_n", "_v", "_a", "_w",
    ];

    public static string Of(string key) => Suffix(key) is { Length: > 0 } s ? s[1..].Replace('_', '/') : "none";

    public static bool SameStemOtherUnit(string a, string b)
    {
        string sa = Suffix(a);
        string sb = Suffix(b);
        return !string.Equals(sa, sb, StringComparison.Ordinal) && a[..^sa.Length].Equals(b[..^sb.Length], StringComparison.Ordinal);
    }

    private static string Suffix(string key) => Array.Find(s_suffixes, s => key.EndsWith(s, StringComparison.Ordinal)) ?? "";
}
