using Robotics.Learner.Checkpoints;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Sac;

/// <content>What a checkpoint holds of it.</content>
public sealed unsafe partial class SacLearner
{
    void IPolicyLearner.Save(CheckpointWriter writer)
    {
        foreach (Mlp network in Networks())
            writer.Write(network.Parameters);
        foreach (AdamOptimizer optimizer in Optimizers())
        {
            writer.Write(optimizer.First);
            writer.Write(optimizer.Second);
            writer.Write(optimizer.Updates);
        }
        Span<double> temperature = stackalloc double[Sac.Temperature.StateLength];
        _temperature.Save(temperature);
        foreach (double value in temperature)
            writer.Write(BitConverter.DoubleToInt64Bits(value));
        foreach (int critic in _order)
            writer.Write(critic);
        writer.Write(_minibatches);
        writer.Write(_subset);
        writer.Write(_noise);
    }

    void IPolicyLearner.Restore(CheckpointReader reader)
    {
        foreach (Mlp network in Networks())
        {
            reader.Read(network.Parameters);
            network.OnParametersChanged();
        }
        foreach (AdamOptimizer optimizer in Optimizers())
        {
            reader.Read(optimizer.First);
            reader.Read(optimizer.Second);
            optimizer.Updates = reader.ReadInt64();
        }
        Span<double> temperature = stackalloc double[Sac.Temperature.StateLength];
        foreach (ref double value in temperature)
            value = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        _temperature.Restore(temperature);
        for (int i = 0; i < _order.Length; i++)
            _order[i] = (int)reader.ReadInt64();
        reader.Read(_minibatches);
        reader.Read(_subset);
        reader.Read(_noise);
    }

    private Mlp[] Networks() => [Actor, .. _critics, .. _targets];

    private AdamOptimizer[] Optimizers() => [_actorOptimizer, .. _criticOptimizers];
}
