namespace Robotics.Cli;

/// <summary>What the command's exit code tells a script. Stable: docs/architecture.md.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int DoctorFoundProblem = 3;
    public const int SafetyStopLatched = 4;
    public const int Incompatible = 5;
    public const int BadConfiguration = 78; // EX_CONFIG of sysexits.h
    public const int Interrupted = 130; // 128 + SIGINT
}
