namespace Robotics.Tasks;

/// <summary>One cost term of the reward, bound to a place in the reward's state vector (or to the action).</summary>
/// <param name="Quantity">Name as in the task file.</param>
/// <param name="Start">First index in the state vector; in the action where <paramref name="OfAction"/>.</param>
/// <param name="Length">Number of values.</param>
/// <param name="OfAction">True for a cost of the action.</param>
/// <param name="OfRotation">True where the nine values are R(q) and the cost is 1 - q_w².</param>
/// <param name="Target">Subtracted, in the units of the vector.</param>
/// <param name="Unscale">Multiplies the deviation: undoes the observation's scaling.</param>
/// <param name="Shape">Deviation to cost.</param>
/// <param name="Radius">For <see cref="RewardShape.Outside"/>.</param>
/// <param name="Weight">Weight at the start.</param>
/// <param name="Growth">Factor per curriculum stage.</param>
/// <param name="MaxWeight">Bound of the growth.</param>
/// <param name="EvaluationWeight">Weight in evaluations.</param>
internal sealed record RewardTerm(
    string Quantity, int Start, int Length, bool OfAction, bool OfRotation, float[] Target, float[] Unscale, RewardShape Shape, float Radius,
    float Weight, float Growth, float MaxWeight, float EvaluationWeight)
{
    public float Cost(ReadOnlySpan<float> state, ReadOnlySpan<float> action)
    {
        ReadOnlySpan<float> x = (OfAction ? action : state).Slice(Start, Length);
        if (OfRotation)
            return Shaped((3 - (x[0] + x[4] + x[8])) / 4); // trace R = 4 q_w² - 1
        float squares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            float d = (x[i] - Target[i]) * Unscale[i];
            squares += d * d;
        }
        return Shaped(squares);
    }

    private float Shaped(float squares) =>
        Shape switch
        {
            RewardShape.Squared => squares,
            RewardShape.Norm => MathF.Sqrt(MathF.Max(0, squares)),
            _ => squares > Radius * Radius ? 1 : 0,
        };
}
