namespace Robotics.Cli.Demo;

/// <summary>What the real-time act showed.</summary>
/// <param name="MaxPositionErrorM">Largest distance from the target from the agent's death to the end, m.</param>
/// <param name="Lost">Recorded steps that never reached the spool.</param>
/// <param name="MissedPeriods">Control periods missed.</param>
/// <param name="ControlCpuSeconds">CPU time of the control process, s.</param>
/// <param name="AgentCpuSeconds">CPU time of both agents, s.</param>
internal sealed record RealTimeOutcome(
    double MaxPositionErrorM, long Lost, long MissedPeriods, double ControlCpuSeconds, double AgentCpuSeconds);
