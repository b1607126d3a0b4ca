namespace Robotics.Learner.Bench.Stream;

/// <summary>What one step of stream-AC costs: act and learn, 128-128 twice, 32 observed values, 8 actions.</summary>
/// <param name="StepUs">Median, CPU time of the thread, us.</param>
/// <param name="P999Us">99.9th percentile of the same, us.</param>
/// <param name="P999WallUs">99.9th percentile of wall time: what a control period would see, other programs included, us.</param>
/// <param name="FloorP999Us">99.9th percentile of the CPU time of plain arithmetic with the same median, in turns with the steps: what the machine's
/// timer ticks and interrupts alone make of it, us.</param>
/// <param name="AllocatedBytes">Bytes allocated on the managed heap in all measured steps together.</param>
public sealed record StreamFigures(double StepUs, double P999Us, double P999WallUs, double FloorP999Us, long AllocatedBytes);
