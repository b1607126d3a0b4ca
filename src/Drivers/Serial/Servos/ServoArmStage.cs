namespace Robotics.Drivers.Serial.Servos;

/// <summary>How far the identification of a servo bus has come, and whether the arm still obeys.</summary>
public enum ServoArmStage
{
    /// <summary>Asking every servo for its model.</summary>
    Identifying,

    /// <summary>Writing torque limit and watchdog and reading them back.</summary>
    Configuring,

    /// <summary>Cycling: goals out, states back.</summary>
    Ready,

    /// <summary>A servo overheated, stuck, in error or gone: the arm holds where it is until power was cut.</summary>
    Stopped,

    /// <summary>The bus is not the declared one.</summary>
    Refused,
}
