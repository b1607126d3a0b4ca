using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Commands;

/// <summary>Who carries out what an operator says. Control thread; allocates nothing.</summary>
public interface IOperatorDesk
{
    /// <summary>Whether the robot may move.</summary>
    ArmingState Arming { get; }

    /// <summary>Safety action in force.</summary>
    SafetyAction Action { get; }

    /// <summary>Carries <paramref name="verb"/> out.</summary>
    void Obey(OperatorVerb verb);
}
