using Robotics.Configuration;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Imitation;

/// <summary>Constants of behaviour cloning and HG-DAgger.</summary>
public sealed record ImitationOptions
{
    /// <summary>Environment steps of the whole run.</summary>
    public long Steps { get; init; } = 100_000;

    /// <summary>Hidden widths of the actor.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Rows per minibatch; 256 is HIL-SERL's train_bc.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Updates before version 0 is published, on the demonstrations; 20,000 is HIL-SERL's train_bc.</summary>
    public int InitialUpdates { get; init; }

    /// <summary>Updates per environment step.</summary>
    public int UpdatesPerStep { get; init; } = 1;

    /// <summary>Exploration that the edge is to add: none, imitation does not explore.</summary>
    public double ExplorationNoise { get; init; }

    /// <summary>Adam; 3e-4 is HIL-SERL's.</summary>
    public AdamOptions Adam { get; init; } = new(3e-4);

    /// <summary>Reads the run file's <c>algorithm</c> section; problems go to its document.</summary>
    public static ImitationOptions Read(ConfigMap map, long steps)
    {
        ArgumentNullException.ThrowIfNull(map);
        var d = new ImitationOptions();
        return d with
        {
            Steps = steps,
            Hidden = [.. map.Vector("hidden", -1, 1, 4096, [.. d.Hidden.Select(h => (double)h)]).Select(h => (int)h)],
            Batch = (int)map.Integer("batch", 1, 65_536, d.Batch),
            InitialUpdates = (int)map.Integer("initial_updates", 0, 10_000_000, d.InitialUpdates),
            UpdatesPerStep = (int)map.Integer("updates_per_step", 0, 1000, d.UpdatesPerStep),
            ExplorationNoise = map.Number("exploration_noise", 0, 2, d.ExplorationNoise),
            Adam = d.Adam with { LearningRate = map.Number("learning_rate", 0, 1, d.Adam.LearningRate) },
        };
    }
}
