using System.Runtime.InteropServices;

namespace Robotics.Tasks;

/// <content>Reverse mode: each method is the transpose of the forward one of the same name.</content>
internal sealed partial class TaskKernel<S, V>
{
    public override void CostBack(
        ReadOnlySpan<float> state, ReadOnlySpan<float> action, RewardWeights weights, float scale,
        Span<float> stateGradient, Span<float> actionGradient)
    {
        CheckRows(state.Length, Task.StateChannels.Count);
        CheckRows(action.Length, _centre.Length);
        CheckRows(stateGradient.Length, Task.StateChannels.Count);
        CheckRows(actionGradient.Length, _centre.Length);
        ref float x = ref MemoryMarshal.GetReference(state);
        ref float a = ref MemoryMarshal.GetReference(action);
        ref float xBar = ref MemoryMarshal.GetReference(stateGradient);
        ref float aBar = ref MemoryMarshal.GetReference(actionGradient);
        ReadOnlySpan<float> values = weights.Span;
        for (int i = 0; i < _terms.Length; i++)
        {
            float factor = scale * Task.Reward.Scale * values[i];
            for (int lane = 0; lane < Lanes; lane += S.Count)
            {
                if (_terms[i].OfAction)
                    TermBack(_terms[i], factor, ref a, ref aBar, lane);
                else
                    TermBack(_terms[i], factor, ref x, ref xBar, lane);
            }
        }
    }

    public override void FrameBack(ReadOnlySpan<float> state, ReadOnlySpan<float> frameGradient, Span<float> stateGradient)
    {
        CheckRows(state.Length, Task.StateChannels.Count);
        CheckRows(frameGradient.Length, Task.FrameLength);
        CheckRows(stateGradient.Length, Task.StateChannels.Count);
        ref float x = ref MemoryMarshal.GetReference(state);
        ref float yBar = ref MemoryMarshal.GetReference(frameGradient);
        ref float xBar = ref MemoryMarshal.GetReference(stateGradient);
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            foreach (ref readonly FrameRow row in _frame.AsSpan())
                Add(ref xBar, row.From, lane, S.Mul(At(ref yBar, row.To, lane), S.All(row.Scale)));
            foreach (Feature f in _frameRotations)
                RotationBack(f, ref x, ref yBar, ref xBar, lane);
        }
    }

    public override void CommandBack(ReadOnlySpan<float> commandGradient, Span<float> actionGradient)
    {
        CheckRows(commandGradient.Length, _centre.Length);
        CheckRows(actionGradient.Length, _centre.Length);
        for (int row = 0; row < _centre.Length; row++)
        {
            for (int lane = 0; lane < Lanes; lane += S.Count)
            {
                V command = At(ref MemoryMarshal.GetReference(commandGradient), row, lane);
                Add(ref MemoryMarshal.GetReference(actionGradient), row, lane, S.Mul(command, S.All(_halfRange[row])));
            }
        }
    }

    private static void TermBack(in BoundTerm term, float factor, ref float from, ref float gradient, int lane)
    {
        if (term.Shape == RewardShape.Outside)
            return;
        // d|d|^2 = 2 d; d|d| = d / |d|, taken as 0 where |d| is: the floor keeps it finite.
        V slope = S.All(2 * factor);
        if (term.Shape == RewardShape.Norm)
            slope = S.Div(S.All(factor), S.Max(Cost(term, ref from, ref from, lane), S.All(1e-9f)));
        if (term.OfRotation)
        {
            // d(1 - w^2) = -2 w
            Add(ref gradient, term.Rows[0], lane, S.Mul(S.Sub(S.All(0), slope), At(ref from, term.Rows[0], lane)));
            return;
        }
        for (int i = 0; i < term.Rows.Length; i++)
        {
            V d = S.Sub(At(ref from, term.Rows[i], lane), S.All(term.Target[i]));
            Add(ref gradient, term.Rows[i], lane, S.Mul(slope, d));
        }
    }

    // R(q) row by row, each entry's derivative by w, x, y, z as written in Rotation.
    private static void RotationBack(Feature f, ref float state, ref float frameGradient, ref float stateGradient, int lane)
    {
        V w = At(ref state, f.Indices[0], lane), x = At(ref state, f.Indices[1], lane);
        V y = At(ref state, f.Indices[2], lane), z = At(ref state, f.Indices[3], lane);
        int r = f.Start;
        V g0 = At(ref frameGradient, r, lane), g1 = At(ref frameGradient, r + 1, lane), g2 = At(ref frameGradient, r + 2, lane);
        V g3 = At(ref frameGradient, r + 3, lane), g4 = At(ref frameGradient, r + 4, lane), g5 = At(ref frameGradient, r + 5, lane);
        V g6 = At(ref frameGradient, r + 6, lane), g7 = At(ref frameGradient, r + 7, lane), g8 = At(ref frameGradient, r + 8, lane);
        V twist0 = S.Sub(g7, g5), twist1 = S.Sub(g2, g6), twist2 = S.Sub(g3, g1);
        V sum0 = S.Add(g7, g5), sum1 = S.Add(g2, g6), sum2 = S.Add(g3, g1);
        V two = S.All(2), minusFour = S.All(-4);
        V wBar = S.Fma(x, twist0, S.Fma(y, twist1, S.Mul(z, twist2)));
        V xBar = S.Fma(w, twist0, S.Fma(y, sum2, S.Mul(z, sum1)));
        V yBar = S.Fma(w, twist1, S.Fma(x, sum2, S.Mul(z, sum0)));
        V zBar = S.Fma(w, twist2, S.Fma(x, sum1, S.Mul(y, sum0)));
        Add(ref stateGradient, f.Indices[0], lane, S.Mul(two, wBar));
        Add(ref stateGradient, f.Indices[1], lane, S.Fma(S.Mul(minusFour, x), S.Add(g4, g8), S.Mul(two, xBar)));
        Add(ref stateGradient, f.Indices[2], lane, S.Fma(S.Mul(minusFour, y), S.Add(g0, g8), S.Mul(two, yBar)));
        Add(ref stateGradient, f.Indices[3], lane, S.Fma(S.Mul(minusFour, z), S.Add(g0, g4), S.Mul(two, zBar)));
    }

    private static void Add(ref float block, int row, int lane, V value) => Put(ref block, row, lane, S.Add(At(ref block, row, lane), value));
}
