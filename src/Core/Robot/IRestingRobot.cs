namespace Robotics.Core;

/// <summary>A robot whose model says which command keeps it where it is: a quadrotor's hover.</summary>
public interface IRestingRobot
{
    /// <summary>One value per command channel, in its unit.</summary>
    double[] RestCommand { get; }
}
