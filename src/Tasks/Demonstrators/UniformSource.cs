using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>Chance as a policy: a new command drawn uniformly from the whole action range in every policy period. The floor of every benchmark.</summary>
/// <remarks>Control thread only; allocates nothing; repeatable by seed.</remarks>
public sealed class UniformSource(ActionMapping action, int ticksPerStep, ulong seed) : IProposalSource, IEpisodeListener
{
    private readonly SeededRandom _random = new(seed, "uniform");
    private readonly float[] _drawn = new float[action.Length];
    private long _tick;

    /// <inheritdoc/>
    public void OnEpisodeBegins(SensorSample sample) => _tick = 0;

    /// <inheritdoc/>
    public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
    {
        if (_tick++ % ticksPerStep == 0)
        {
            for (int i = 0; i < _drawn.Length; i++)
                _drawn[i] = (float)_random.NextUniform(-1, 1);
        }
        action.ToCommand(_drawn, proposal.Values);
        proposal.Length = action.Length;
        proposal.Source = ActionSource.Policy;
        proposal.SampleTimeNs = sample.SampleTimeNs;
        proposal.Sequence++;
        return true;
    }
}
