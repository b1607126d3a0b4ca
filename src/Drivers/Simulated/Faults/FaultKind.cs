namespace Robotics.Drivers;

/// <summary>What can go wrong with a simulated robot. Names in a script are in snake_case.</summary>
public enum FaultKind
{
    /// <summary>Value and time of a channel stop.</summary>
    Freeze,

    /// <summary>The value repeats bit for bit under fresh times.</summary>
    Stuck,

    /// <summary>Values and times arrive late by <c>amount</c> seconds.</summary>
    Delay,

    /// <summary>A sample is lost, with the given probability.</summary>
    Drop,

    /// <summary>The sample before arrives again, with the given probability.</summary>
    Duplicate,

    /// <summary>A sample older than the last one arrives, with the given probability.</summary>
    Reorder,

    /// <summary>A value is NaN, with the given probability.</summary>
    Nan,

    /// <summary>A value is wrong by <c>amount</c>.</summary>
    Bias,

    /// <summary>A value is wrong by <c>amount</c> for one sample, with the given probability.</summary>
    Spike,

    /// <summary>Gaussian noise of standard deviation <c>amount</c>.</summary>
    Noise,

    /// <summary>An actuator stays at the set-point <c>amount</c>.</summary>
    StuckMotor,

    /// <summary>An actuator gets the share <c>amount</c> of its set-point.</summary>
    ThrustLoss,

    /// <summary>The supply sags: every actuator gets the share <c>amount</c> of its set-point, and half the samples are lost.</summary>
    BrownOut,

    /// <summary>The device's clock jumps by <c>amount</c> seconds: times are wrong by that much.</summary>
    ClockStep,
}
