using Robotics.Core;

namespace Robotics.Drivers.Ros2;

/// <summary>The latched topics of the runtime's node: sent when they change, kept for whoever comes later.</summary>
internal sealed class RuntimeTopics(RosNode node)
{
    private readonly Publisher<Messages.StdMsgs.Bool> _armed = node.CreatePublisher<Messages.StdMsgs.Bool>("~/armed", QosProfile.Latched);
    private readonly Publisher<Messages.StdMsgs.Bool> _latched = node.CreatePublisher<Messages.StdMsgs.Bool>("~/latched", QosProfile.Latched);
    private readonly Publisher<Messages.StdMsgs.Bool> _intervention = node.CreatePublisher<Messages.StdMsgs.Bool>("~/intervention", QosProfile.Latched);
    private readonly Publisher<Messages.StdMsgs.String> _action = node.CreatePublisher<Messages.StdMsgs.String>("~/safety_action", QosProfile.Latched);
    private readonly Publisher<Messages.StdMsgs.String> _policy = node.CreatePublisher<Messages.StdMsgs.String>("~/policy", QosProfile.Latched);
    private readonly Publisher<Messages.StdMsgs.String> _source = node.CreatePublisher<Messages.StdMsgs.String>("~/source", QosProfile.Latched);
    private RuntimeState _last;
    private bool _sentOnce;

    public void Publish(in RuntimeState state)
    {
        bool first = !_sentOnce;
        if (first || state.IsArmed != _last.IsArmed)
            _armed.TryPublish(new() { Data = state.IsArmed });
        if (first || state.IsLatched != _last.IsLatched)
            _latched.TryPublish(new() { Data = state.IsLatched });
        if (first || (state.Source == ActionSource.Human) != (_last.Source == ActionSource.Human))
            _intervention.TryPublish(new() { Data = state.Source == ActionSource.Human });
        if (first || state.Action != _last.Action || state.Causes != _last.Causes)
            _action.TryPublish(new() { Data = state.Causes == SafetyCauses.None ? state.Action.ToString() : $"{state.Action}: {state.Causes}" });
        if (first || state.Policy != _last.Policy)
            _policy.TryPublish(new() { Data = state.Policy.ToString() });
        if (first || state.Source != _last.Source)
            _source.TryPublish(new() { Data = state.Source.ToString() });
        _last = state;
        _sentOnce = true;
    }
}
