using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Steering;
using Robotics.Tasks;

namespace Robotics.Runtime.Control;

/// <summary>What happens between two episodes: nothing, a drive home under the supervisor, or waiting for an operator.</summary>
/// <remarks>Control thread only; allocates nothing. Nothing of it is recorded, and a person may take over all the while. Where it proposes
/// nothing the supervisor's baseline holds the robot.</remarks>
internal sealed class ResetProcedure(ResetSettings settings, ISteering? steering) : IProposalSource
{
    private enum Phase
    {
        Done,
        Held,
        Driving,
        AwaitingOperator,
    }

    private Phase _phase = Phase.Done;
    private long _deadlineNs;
    private bool _arrived;

    /// <summary>True where a simulated robot is to be put into its next start: scripted, at the very start, and where a drive home was given up.</summary>
    public bool MayTeleport { get; private set; } = true;

    /// <summary>An episode ended; <paramref name="asked"/> is what a person asked for, if that ended it.</summary>
    public void Begin(OperatorVerb asked, long nowNs)
    {
        if (asked == OperatorVerb.Terminate)
            _phase = Phase.Held;
        else
            Start(nowNs);
    }

    /// <summary>One policy period between two episodes: true where the next one may begin.</summary>
    public bool IsDone(OperatorVerb asked, long nowNs)
    {
        bool go = asked is OperatorVerb.Reset or OperatorVerb.Confirm;
        switch (_phase)
        {
            case Phase.Held when go:
                Start(nowNs);
                break;
            case Phase.Driving when _arrived:
                _phase = settings.Confirm ? Phase.AwaitingOperator : Phase.Done;
                break;
            case Phase.Driving when nowNs > _deadlineNs:
                MayTeleport = true;
                _phase = Phase.AwaitingOperator;
                break;
            case Phase.AwaitingOperator when go:
                _phase = Phase.Done;
                break;
            default:
                break;
        }
        return _phase == Phase.Done;
    }

    /// <inheritdoc/>
    public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
    {
        if (_phase != Phase.Driving || steering is null)
        {
            steering?.Follow();
            return false;
        }
        if (!steering.TryGoHome(settings, proposal.Values, out _arrived))
            return false;
        proposal.Length = proposal.Values.Length;
        proposal.Source = ActionSource.Baseline; // neither a policy's nor a person's: the robot's own way home
        proposal.SampleTimeNs = nowNs;
        proposal.Sequence++;
        return true;
    }

    private void Start(long nowNs)
    {
        _arrived = false;
        _deadlineNs = nowNs + settings.TimeoutNs;
        MayTeleport = settings.Kind == ResetKind.Scripted;
        _phase = settings.Kind switch
        {
            ResetKind.DriveBack => Phase.Driving,
            ResetKind.OperatorConfirms => Phase.AwaitingOperator,
            _ => Phase.Done,
        };
    }
}
