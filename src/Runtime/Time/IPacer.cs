namespace Robotics.Runtime.Time;

/// <summary>Decides when the next control tick happens.</summary>
public interface IPacer
{
    /// <summary>Returns at the next tick's due time.</summary>
    /// <returns>Whole periods that were missed since the last tick; 0 where it is on time.</returns>
    int WaitForNextTick();
}
