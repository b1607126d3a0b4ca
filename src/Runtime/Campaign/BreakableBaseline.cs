using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>The robot's own baseline until a scenario breaks it.</summary>
internal sealed class BreakableBaseline(IBaselineController inner) : IBaselineController
{
    private static readonly InvalidOperationException s_failure = new("broken on purpose"); // thrown again and again: the tick must not allocate

    public enum Break
    {
        None,
        Throws,
        NotFinite,
        Unable,
    }

    public Break Mode { get; set; }

    public BaselineRest Rest => inner.Rest;

    public string? Validate() => Mode == Break.None ? inner.Validate() : $"the baseline is broken: {Mode}";

    public void Reset() => inner.Reset();

    public BaselineStatus Compute(BaselineInput input, BaselineGoal goal, bool inCharge, Span<float> command)
    {
        BaselineStatus status = inner.Compute(input, goal, inCharge, command);
        if (Mode == Break.Throws)
            throw s_failure;
        if (Mode == Break.NotFinite)
            command.Fill(float.NaN);
        return Mode == Break.Unable ? BaselineStatus.Unable : status;
    }

    public void OpenLoop(SafetyAction action, BaselineInput input, Span<float> command) => inner.OpenLoop(action, input, command);
}
