namespace Robotics.Drivers.Serial.Servos;

/// <summary>Why an arm refuses or stopped.</summary>
internal enum ServoArmFault
{
    None,
    NoAnswer,
    WrongModel,
    ReadBack,
    ServoError,
    Overheated,
    Stuck,
    Silent,
}
