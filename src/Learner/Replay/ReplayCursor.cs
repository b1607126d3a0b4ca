namespace Robotics.Learner.Replay;

/// <summary>Where one robot's stream of steps stands in one partition of the replay.</summary>
internal sealed class ReplayCursor
{
    /// <summary>Slot that is written next.</summary>
    public int Next { get; set; }

    /// <summary>First slot behind the stream's block; <see cref="Next"/> where it has no room left.</summary>
    public int End { get; set; }

    /// <summary>Its block; -1 where it has none.</summary>
    public int Block { get; set; } = -1;

    /// <summary>Steps of its own episode that lie right before the slot written last.</summary>
    public int Behind { get; set; }

    /// <summary>The slot written last waits for its successor.</summary>
    public bool IsOpen { get; set; }

    /// <summary>What the steps of the present episode have in common.</summary>
    public int Episode { get; set; }
}
