namespace Robotics.Runtime.Control;

/// <summary>The stages of a control tick, in their order, as <see cref="TickTimings"/> tells them apart.</summary>
public enum TickStage
{
    /// <summary>Driver.Read; a simulated robot integrates its equations here.</summary>
    Read,

    /// <summary>The supervisor's judgement of the sample, and the operator's switches in it.</summary>
    Inspect,

    /// <summary>Judge, swap, observe and act; nothing in the ticks between two policy periods.</summary>
    Policy,

    /// <summary>The choice among sources, outside proposals included.</summary>
    Arbitrate,

    /// <summary>The supervisor's filter, the baseline in shadow included.</summary>
    Filter,

    /// <summary>Driver.Write.</summary>
    Write,

    /// <summary>The record of the step.</summary>
    Record,
}
