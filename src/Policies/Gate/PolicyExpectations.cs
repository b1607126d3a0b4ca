namespace Robotics.Policies;

/// <summary>What the edge asks of a policy before it may fly.</summary>
public sealed record PolicyExpectations
{
    /// <summary>Hash of the task's observation and action description.</summary>
    public required ulong SchemaHash { get; init; }

    /// <summary>Length of the task's observation.</summary>
    public required int ObservationLength { get; init; }

    /// <summary>Length of the task's action.</summary>
    public required int ActionLength { get; init; }

    /// <summary>The task's policy rate, Hz.</summary>
    public required double PolicyRateHz { get; init; }

    /// <summary>Allowed relative difference of the rate trained at; 1 % is the rounding of a rate stated in whole Hz from 100 Hz up.</summary>
    public double RateTolerance { get; init; } = 0.01;

    /// <summary>Greatest allowed parameter. A weight of 1,000 saturates a layer of observations of order one a hundredfold: our own bound, not measured.</summary>
    public float MaxParameter { get; init; } = 1000;

    /// <summary>Allowed difference from the golden vectors (facts: RAPTOR-style self-test, 1e-5).</summary>
    public double GoldenTolerance { get; init; } = 1e-5;

    /// <summary>Longest allowed forward pass on this machine, ns; a tenth of a 1 kHz control period by default.</summary>
    public long InferenceBudgetNs { get; init; } = 100_000;

    /// <summary>Floats the control process set aside (<see cref="PolicyNetwork.RequiredFloats"/>); no limit by default.</summary>
    public long CapacityFloats { get; init; } = long.MaxValue;

    /// <summary>Refuses unsigned bundles. Off only on loopback.</summary>
    public bool RequireSignature { get; init; }

    /// <summary>Signers trusted. A bundle that is signed must be signed by one of them where any are given.</summary>
    public IReadOnlyList<TrustedKey> TrustedKeys { get; init; } = [];

    /// <summary>The only run whose policies are taken; null for any.</summary>
    public ulong? Run { get; init; }

    /// <summary>Greatest allowed root mean square difference between the actions of the installed policy and the new one on observations
    /// seen lately, normalised action units (full range is 2). Used by the gate `deployed`.</summary>
    public double MaxActionDifference { get; init; } = 0.25;
}
