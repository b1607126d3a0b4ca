namespace Robotics.Drivers;

/// <summary>One fault of a script: what, on which channels, when.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Channels">Indices of state channels, or of command channels for actuator faults.</param>
/// <param name="FromNs">Begin, ns since the driver's first read.</param>
/// <param name="UntilNs">End, ns; <see cref="long.MaxValue"/> for ever.</param>
/// <param name="Amount">Meaning by <see cref="FaultKind"/>.</param>
/// <param name="Probability">Per sample, for the kinds that have one.</param>
public sealed record FaultEvent(FaultKind Kind, IReadOnlyList<int> Channels, long FromNs, long UntilNs, double Amount, double Probability)
{
    /// <summary>True for faults of actuators.</summary>
    public bool IsActuator => Kind is FaultKind.StuckMotor or FaultKind.ThrustLoss or FaultKind.BrownOut;

    /// <summary>True at <paramref name="sinceStartNs"/>.</summary>
    public bool IsActive(long sinceStartNs) => sinceStartNs >= FromNs && sinceStartNs < UntilNs;
}
