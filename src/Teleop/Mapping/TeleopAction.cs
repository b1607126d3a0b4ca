namespace Robotics.Teleop;

/// <summary>What a button means besides motion. Numbers are part of docs/formats/teleop.md.</summary>
public enum TeleopAction : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The episode is done, well.</summary>
    Success = 1,

    /// <summary>The episode is done, badly.</summary>
    Failure = 2,

    /// <summary>The episode is cut and should not count: it will be recorded again.</summary>
    Rerecord = 3,

    /// <summary>The episode is cut; what was recorded counts.</summary>
    Terminate = 4,

    /// <summary>Bring the robot to where an episode starts.</summary>
    Reset = 5,

    /// <summary>The operator says that the scene is ready for the next episode.</summary>
    Confirm = 6,

    /// <summary>Stop now and latch.</summary>
    EmergencyStop = 7,
}
