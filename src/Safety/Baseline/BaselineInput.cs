namespace Robotics.Safety;

/// <summary>What a baseline controller may look at: the last good value of every state channel and how old it is. Reused in place.</summary>
/// <remarks>Control thread only. Values are finite wherever <see cref="Fresh"/> is true.</remarks>
public sealed class BaselineInput
{
    private readonly float[] _values;
    private readonly bool[] _fresh;
    private readonly float[] _lastCommand;

    /// <summary>An input for a robot with this many channels; nothing is fresh yet.</summary>
    public BaselineInput(int stateChannels, int commandChannels)
    {
        _values = new float[stateChannels];
        _fresh = new bool[stateChannels];
        _lastCommand = new float[commandChannels];
    }

    /// <summary>Last good value per state channel, in its unit.</summary>
    public Span<float> Values => _values;

    /// <summary>True where the value is no older than the channel's limit.</summary>
    public Span<bool> Fresh => _fresh;

    /// <summary>The command that was emitted in the tick before, whoever proposed it.</summary>
    public Span<float> LastCommand => _lastCommand;

    /// <summary>Time of this tick, ns.</summary>
    public long NowNs { get; set; }

    /// <summary>True where all of <paramref name="channels"/> are fresh.</summary>
    public bool AreFresh(ReadOnlySpan<int> channels)
    {
        foreach (int channel in channels)
        {
            if (!_fresh[channel])
                return false;
        }
        return true;
    }
}
