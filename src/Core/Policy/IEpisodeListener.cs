namespace Robotics.Core;

/// <summary>A proposal source inside the control process that wants to know when an episode begins: a simulated person.</summary>
public interface IEpisodeListener
{
    /// <summary>An episode begins with <paramref name="sample"/>, in the tick in which proposals are asked for next.</summary>
    /// <remarks>Control thread; never blocks, allocates or throws.</remarks>
    void OnEpisodeBegins(SensorSample sample);
}
