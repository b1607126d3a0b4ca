using Robotics.Core;
using Robotics.Policies;
using Robotics.Tasks;

namespace Robotics.Learner;

/// <summary>Turns the learner's actor into bundles. Each one has the next counter of this learner's epoch.</summary>
/// <param name="name">Name of the run, for people.</param>
/// <param name="run">Identity of the run.</param>
/// <param name="epoch">This learner's epoch.</param>
/// <param name="task">What the policies are for.</param>
/// <param name="explorationStd">Exploration that the edge is to add, normalised action units.</param>
/// <param name="created">Label of the time of publication; constant where runs are to be repeatable to the bit.</param>
/// <param name="signer">Signs every bundle where given.</param>
public sealed class PolicyPublisher(string name, ulong run, uint epoch, RobotTask task, double explorationStd, Func<string> created, SigningKey? signer = null)
{
    private uint _epoch = epoch;
    private uint _counter;
    private PolicyIdentity _last;

    /// <summary>Policies made in this epoch.</summary>
    public long Published => _counter;

    /// <summary>A later epoch begins, with counter 0.</summary>
    public void BeginEpoch(uint epoch) => (_epoch, _counter) = (epoch, 0);

    /// <summary>A bundle of <paramref name="trainer"/>'s published actor.</summary>
    public PolicyBundle Bundle(Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        var actor = PublishedActor.Of(trainer.Learner, task.ActionLength);
        var manifest = new PolicyManifest
        {
            Name = name,
            Identity = new PolicyIdentity(run, _epoch, _counter++, 0),
            Parent = _last,
            Created = created(),
            SchemaHash = task.SchemaHash,
            PolicyRateHz = task.PolicyRateHz,
            Network = actor.Network,
            ExplorationStd = explorationStd,
            Data = new DataRange(trainer.IngestedSteps == 0 ? 0 : 1, trainer.IngestedSteps),
        };
        byte[] bundle = PolicyBundleWriter.Write(manifest, actor.Parameters, signer: signer);
        if (!PolicyBundle.TryAdopt(bundle, null, out PolicyBundle? read, out BundleRefusal refusal))
            throw new InvalidOperationException($"a bundle just written does not read: {refusal}");
        _last = read!.Identity;
        return read;
    }
}
