namespace Robotics.Cli.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">What.</param>
/// <param name="Status"><c>ok</c>, <c>note</c> (works without) or <c>problem</c>.</param>
/// <param name="Found">What was found, with its value and limit.</param>
/// <param name="Remedy">What to do; empty where nothing.</param>
internal sealed record DoctorFinding(string Check, string Status, string Found, string Remedy)
{
    public static DoctorFinding Ok(string check, string found) => new(check, "ok", found, "");

    public static DoctorFinding Note(string check, string found, string remedy) => new(check, "note", found, remedy);

    public static DoctorFinding Problem(string check, string found, string remedy) => new(check, "problem", found, remedy);
}
