using Robotics.Tasks;

namespace Robotics.Runtime.Steering;

/// <summary>Turns the motions of a person into set-points, once per control tick.</summary>
/// <remarks>Control thread only; allocates nothing.</remarks>
internal interface ISteering
{
    /// <summary>Motions it takes.</summary>
    int MotionLength { get; }

    /// <summary>A tick in which somebody else commands: follows along, so that taking over starts from what the robot really does.</summary>
    void Follow();

    /// <summary>Set-points for <paramref name="motion"/>, each in [-1, 1].</summary>
    /// <returns>False where the robot's state is not known well enough to steer by.</returns>
    bool TrySteer(ReadOnlySpan<float> motion, Span<float> command);

    /// <summary>Set-points on the way to where episodes start.</summary>
    /// <returns>False where the robot's state is not known well enough.</returns>
    bool TryGoHome(ResetSettings home, Span<float> command, out bool arrived);
}
