namespace Robotics.Tasks;

/// <summary>How a robot gets from the end of one episode to the start of the next. Named procedures of the runtime that the task asks for.</summary>
public enum ResetKind
{
    /// <summary>A simulated robot is put where the task's distribution draws; a real one goes on from where it is.</summary>
    Scripted,

    /// <summary>The robot drives home by itself, under the supervisor.</summary>
    DriveBack,

    /// <summary>The baseline holds the robot until an operator says that the scene is ready.</summary>
    OperatorConfirms,
}
