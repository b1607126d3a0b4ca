using System.Globalization;
using Robotics.Learner.Checkpoints;

namespace Robotics.Learner;

/// <summary>Keeps a learner's checkpoint and its epoch in a folder, so that a learner that is killed goes on where it was and never begins anew in silence.</summary>
/// <remarks>Files: <c>trainer.checkpoint</c> (docs/formats/checkpoint.md), <c>epoch</c> (decimal text). One thread.</remarks>
public sealed class CheckpointKeeper
{
    private readonly string _folder;
    private readonly Trainer _trainer;
    private readonly ExperienceStore _store;
    private readonly long _everySteps;

    /// <summary>A keeper in <paramref name="folder"/>, which is made where it is missing.</summary>
    public CheckpointKeeper(string folder, Trainer trainer, ExperienceStore store, long everySteps)
    {
        _folder = folder ?? throw new ArgumentNullException(nameof(folder));
        _trainer = trainer ?? throw new ArgumentNullException(nameof(trainer));
        _store = store ?? throw new ArgumentNullException(nameof(store));
        _everySteps = everySteps;
        Directory.CreateDirectory(folder);
    }

    private string CheckpointPath => PathIn(_folder);

    private string EpochPath => Path.Combine(_folder, "epoch");

    /// <summary>The checkpoint of the keeper in <paramref name="folder"/>, whether it is there or not.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "trainer.checkpoint");

    /// <summary>Restores the newest checkpoint, if there is one, and takes every stored transition in again: those of before it into the
    /// replay only, those of after it with their updates.</summary>
    /// <param name="loop">Takes the stored transitions.</param>
    /// <param name="transitions">Transitions taken from the store.</param>
    /// <returns>This start's epoch: one more than the last one's.</returns>
    /// <exception cref="InvalidDataException">There is a checkpoint that cannot be used; a fresh network must not take its place unasked.</exception>
    public uint Resume(LearnerLoop loop, out long transitions)
    {
        CheckpointStatus status = _trainer.Restore(CheckpointPath);
        if (status is not (CheckpointStatus.Ok or CheckpointStatus.Missing))
        {
            throw new InvalidDataException(
                $"{CheckpointPath}: {status}; the learner does not begin anew over an unusable checkpoint. "
                    + "Use the run file and seed it was written with, or move the folder away to start from zero");
        }
        uint epoch = NextEpoch();
        _trainer.Forgo(_store.DroppedRecords());
        transitions = _store.Replay(loop);
        if (_trainer.StepsToReplay > 0)
        {
            throw new InvalidDataException(
                $"the store {_store.Root} lacks {_trainer.StepsToReplay} transitions that the checkpoint has learnt from; restore the store beside it");
        }
        return epoch;
    }

    /// <summary>Writes a checkpoint where one is due. What it has learnt from is made durable first.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void SaveIfDue()
    {
        if (_trainer.IngestedSteps % _everySteps == 0)
            Save();
    }

    /// <summary>Writes a checkpoint now.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Save()
    {
        if (!_store.Commit())
            throw new IOException($"the store {_store.Root} cannot be made durable; no checkpoint was written");
        _trainer.Save(CheckpointPath);
    }

    /// <summary>Keeps <paramref name="epoch"/> as the present one: the next start begins the one after it.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void KeepEpoch(uint epoch)
    {
        string temporary = EpochPath + ".new";
        File.WriteAllText(temporary, epoch.ToString(CultureInfo.InvariantCulture) + "\n");
        File.Move(temporary, EpochPath, overwrite: true);
    }

    private uint NextEpoch()
    {
        uint last = File.Exists(EpochPath) && uint.TryParse(File.ReadAllText(EpochPath), CultureInfo.InvariantCulture, out uint e) ? e : 0;
        KeepEpoch(last + 1);
        return last + 1;
    }
}
