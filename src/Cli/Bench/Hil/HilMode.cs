namespace Robotics.Cli.Bench.Hil;

/// <summary>What help a training run gets.</summary>
internal enum HilMode
{
    /// <summary>None: the sparse reward alone.</summary>
    Alone,

    /// <summary>Demonstrations recorded before.</summary>
    Demonstrations,

    /// <summary>The same demonstrations, and a person who intervenes (HIL-SERL).</summary>
    Interventions,

    /// <summary>A person who intervenes, and nothing else: no demonstrations, no task reward (RLIF).</summary>
    Rlif,
}
