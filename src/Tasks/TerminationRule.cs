using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>A box (or ball) around a target whose leaving is failure, or whose reaching is success.</summary>
/// <param name="Indices">State channels.</param>
/// <param name="Target">Centre, channel's unit.</param>
/// <param name="MaxAbs">Half the edge of the box; infinity where only a radius counts.</param>
/// <param name="Radius">Radius of the ball; infinity where only the box counts.</param>
/// <param name="Success">True: being inside is success. False: being outside is failure.</param>
internal sealed record TerminationRule(int[] Indices, float[] Target, float MaxAbs, float Radius, bool Success)
{
    /// <summary>True where the rule ends the episode. NaN counts as outside.</summary>
    public bool Applies(SensorSample sample)
    {
        float squares = 0;
        bool inside = true;
        for (int i = 0; i < Indices.Length; i++)
        {
            float d = sample.Values[Indices[i]] - Target[i];
            inside &= MathF.Abs(d) <= MaxAbs;
            squares += d * d;
        }
        inside &= !(squares > Radius * Radius) && !float.IsNaN(squares);
        return inside == Success;
    }
}
