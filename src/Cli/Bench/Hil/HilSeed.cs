namespace Robotics.Cli.Bench.Hil;

/// <summary>Everything one seed gave; kept as a file beside the figures.</summary>
internal sealed record HilSeed(
    ulong Seed, HilSettings Settings, HilCurve Alone, HilCurve Demonstrations, HilCurve Interventions, HilCurve Rlif, double BehaviourCloning);
