namespace Robotics.Tasks;

/// <summary>One value of home for a robot whose actions are velocities: the action follows gain · (target − channel).</summary>
/// <param name="Action">Index of the action value.</param>
/// <param name="Channel">Index of the state channel.</param>
/// <param name="Target">Where home is, in the channel's unit.</param>
/// <param name="Gain">Normalised action per unit of the channel.</param>
public readonly record struct HomeTarget(int Action, int Channel, float Target, float Gain);
