namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Numbers of the MAVLink common dialect and of the two firmwares that this driver uses.</summary>
internal static class MavlinkConstants
{
    public const byte AutopilotComponent = 1; // MAV_COMP_ID_AUTOPILOT1
    public const byte OnboardComputer = 191; // MAV_COMP_ID_ONBOARD_COMPUTER
    public const byte TypeOnboardController = 18; // MAV_TYPE_ONBOARD_CONTROLLER
    public const byte TypeQuadrotor = 2; // MAV_TYPE_QUADROTOR
    public const byte StateStandby = 3; // MAV_STATE_STANDBY
    public const byte StateActive = 4; // MAV_STATE_ACTIVE
    public const byte ProtocolVersion = 3;
    public const byte ArmedFlag = 128; // MAV_MODE_FLAG_SAFETY_ARMED
    public const byte CustomModeFlag = 1; // MAV_MODE_FLAG_CUSTOM_MODE_ENABLED
    public const byte FrameLocalNed = 1; // MAV_FRAME_LOCAL_NED
    public const byte LandedOnGround = 1; // MAV_LANDED_STATE_ON_GROUND
    public const byte LandedInAir = 2; // MAV_LANDED_STATE_IN_AIR

    public const ushort CommandNavLand = 21;
    public const ushort CommandNavTakeoff = 22;
    public const ushort CommandDoSetMode = 176;
    public const ushort CommandArmDisarm = 400;
    public const ushort CommandSetMessageInterval = 511;
    public const ushort CommandRequestMessage = 512;
    public const float ForceDisarm = 21196; // magic of MAV_CMD_COMPONENT_ARM_DISARM param2

    public const byte ResultAccepted = 0;
    public const byte ResultInProgress = 5;

    public const ulong CapabilityParamBytewise = 0x4; // MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_BYTEWISE
    public const ulong CapabilityParamCast = 0x20000; // MAV_PROTOCOL_CAPABILITY_PARAM_ENCODE_C_CAST

    public const byte ParamInt32 = 6; // MAV_PARAM_TYPE_INT32
    public const byte ParamReal32 = 9; // MAV_PARAM_TYPE_REAL32

    public const uint Px4Offboard = 6u << 16; // PX4 custom_mode: main mode in bits 16-23
    public const uint Px4Position = 3u << 16;
    public const uint Px4AutoLoiter = (4u << 16) | (3u << 24); // sub mode in bits 24-31
    public const uint Px4AutoTakeoff = (4u << 16) | (2u << 24);
    public const uint Px4AutoLand = (4u << 16) | (6u << 24);
    public const uint CopterStabilize = 0;
    public const uint CopterGuided = 4;
    public const uint CopterLand = 9;

    // type_mask bits of SET_ATTITUDE_TARGET: ignore attitude; ignore the three body rates.
    public const byte MaskRates = 128;
    public const byte MaskAttitude = 7;

    // type_mask of SET_POSITION_TARGET_LOCAL_NED as flown on both firmwares (facts of the recorded flights).
    public const ushort MaskVelocityYawRate = 0x07C7;
    public const ushort MaskPositionYaw = 0x0BF8;
}
