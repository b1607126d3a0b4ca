using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The controller that is trusted: it takes over whenever a rule trips, and runs in shadow in every tick so that it is always ready.</summary>
/// <remarks>
/// <para>Control thread only; never allocates, blocks or throws (the supervisor survives it if it does, one rung further down).</para>
/// <para>To add one: 1. implement this interface; 2. read its section in <c>BaselineControllers.Read</c>; 3. declare its recoverable set
/// in robot.yaml; 4. run the recovery tests in tests/Safety against it.</para>
/// </remarks>
public interface IBaselineController
{
    /// <summary>Proves that it can do what it promises on this robot, as far as that can be computed. May take long and allocate: never on the tick.</summary>
    /// <returns>Null where it can, otherwise what is wrong.</returns>
    string? Validate();

    /// <summary>Forgets where it held; called when the robot was put elsewhere.</summary>
    void Reset();

    /// <summary>Computes the command for <paramref name="goal"/>.</summary>
    /// <param name="input">The robot's state and the last emitted command.</param>
    /// <param name="goal">What to do.</param>
    /// <param name="inCharge">True where the command will be emitted; false in shadow, where the hold target follows the robot.</param>
    /// <param name="command">One value per command channel.</param>
    BaselineStatus Compute(BaselineInput input, BaselineGoal goal, bool inCharge, Span<float> command);

    /// <summary>How far the last stop or limp that was in charge has come.</summary>
    BaselineRest Rest { get; }

    /// <summary>The rungs that need no sensor: <see cref="SafetyAction.SoftLimp"/> or <see cref="SafetyAction.PowerCut"/>.</summary>
    /// <remarks>Keeps no state: the watching thread may call it while the control thread hangs.</remarks>
    void OpenLoop(SafetyAction action, BaselineInput input, Span<float> command);
}
