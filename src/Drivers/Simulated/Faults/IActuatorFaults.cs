namespace Robotics.Drivers;

/// <summary>A simulated robot whose actuators can be broken.</summary>
public interface IActuatorFaults
{
    /// <summary>From now on the actuator of command <paramref name="channel"/> gets <paramref name="gain"/> times its set-point, or stays at <paramref name="stuckAt"/> where that is not NaN.</summary>
    /// <remarks>(1, NaN) is a healthy actuator. Does not allocate.</remarks>
    void SetActuator(int channel, double gain, double stuckAt);
}
