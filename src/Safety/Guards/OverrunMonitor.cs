namespace Robotics.Safety;

/// <summary>Judges sustained overrun, which must stop the robot and not only warn (R26).</summary>
/// <remarks>3 and 10 of 100 are R26's. The control thread adds every tick and reports <see cref="Robotics.Core.SafetyCauses.Overrun"/> at
/// <see cref="OverrunLevel.Stop"/>. Allocates nothing.</remarks>
public sealed class OverrunMonitor
{
    /// <summary>Ticks that are judged together.</summary>
    public const int Window = 100;

    private const int DegradedAbove = 3;
    private const int StopAbove = 10;
    private readonly bool[] _late = new bool[Window];
    private int _next;
    private int _count;

    /// <summary>Late ticks among the last 100.</summary>
    public int LateTicks => _count;

    /// <summary>The level after the last tick.</summary>
    public OverrunLevel Level => _count > StopAbove ? OverrunLevel.Stop : _count > DegradedAbove ? OverrunLevel.Degraded : OverrunLevel.Fine;

    /// <summary>Adds one tick.</summary>
    /// <param name="late">True where it finished after its period or was skipped.</param>
    public OverrunLevel Add(bool late)
    {
        _count += (late ? 1 : 0) - (_late[_next] ? 1 : 0);
        _late[_next] = late;
        _next = (_next + 1) % Window;
        return Level;
    }
}
