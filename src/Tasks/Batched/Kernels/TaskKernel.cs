using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Robotics.Models;

namespace Robotics.Tasks;

/// <summary><see cref="BlockTask"/> for one register width. The formulas are those of Feature, RewardTerm and TerminationRule.</summary>
internal sealed partial class TaskKernel<S, V> : BlockTask
    where S : struct, IWide<V>
    where V : struct
{
    private const int Lanes = LaneBlocks.Lanes;

    private readonly FrameRow[] _frame;
    private readonly FrameRow[] _privileged;
    private readonly Feature[] _frameRotations;
    private readonly Feature[] _privilegedRotations;
    private readonly float[] _noiseStd;
    private readonly TerminationRule[] _failures;
    private readonly TerminationRule[] _successes;
    private readonly BoundTerm[] _terms;
    private readonly float[] _centre;
    private readonly float[] _halfRange;

    public TaskKernel(RobotTask task)
        : base(task)
    {
        _frame = RowsOf(task.Frame);
        _privileged = RowsOf(task.Privileged);
        _frameRotations = [.. task.Frame.Where(f => f.IsRotationMatrix)];
        _privilegedRotations = [.. task.Privileged.Where(f => f.IsRotationMatrix)];
        _noiseStd = [.. task.Frame.SelectMany(f => Enumerable.Repeat(f.NoiseStd, f.Length))];
        _failures = [.. task.Rules.Where(r => !r.Success)];
        _successes = [.. task.Rules.Where(r => r.Success)];
        _terms = [.. task.Reward.Terms.Select(t => new BoundTerm(t, task.Reward.FeatureOf(t)))];
        _centre = [.. task.Action.Centre];
        _halfRange = [.. task.Action.HalfRange];
    }

    public override void ObserveFrame(ReadOnlySpan<float> state, ReadOnlySpan<float> noise, Span<float> frame) =>
        Observe(_frame, _frameRotations, Task.FrameLength, state, noise, frame);

    public override void ObservePrivileged(ReadOnlySpan<float> state, Span<float> privileged) =>
        Observe(_privileged, _privilegedRotations, Task.PrivilegedLength, state, [], privileged);

    public override void ToCommand(Span<float> action, Span<float> command)
    {
        CheckRows(action.Length, _centre.Length);
        CheckRows(command.Length, _centre.Length);
        ref float from = ref MemoryMarshal.GetReference(action);
        ref float to = ref MemoryMarshal.GetReference(command);
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            for (int row = 0; row < _centre.Length; row++)
            {
                V a = S.Min(S.Max(At(ref from, row, lane), S.All(-1)), S.All(1));
                Put(ref from, row, lane, a);
                Put(ref to, row, lane, S.Fma(S.All(_halfRange[row]), a, S.All(_centre[row])));
            }
        }
    }

    public override void Reward(ReadOnlySpan<float> state, ReadOnlySpan<float> action, RewardWeights weights, Span<float> reward)
    {
        CheckRows(state.Length, Task.StateChannels.Count);
        CheckRows(action.Length, _centre.Length);
        CheckRows(reward.Length, 1);
        ref float x = ref MemoryMarshal.GetReference(state);
        ref float a = ref MemoryMarshal.GetReference(action);
        TaskReward description = Task.Reward;
        ReadOnlySpan<float> values = weights.Span;
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            V cost = S.All(0);
            for (int i = 0; i < _terms.Length; i++)
                cost = S.Fma(S.All(values[i]), Cost(_terms[i], ref x, ref a, lane), cost);
            Put(ref MemoryMarshal.GetReference(reward), 0, lane, S.Fnma(S.All(description.Scale), cost, S.All(description.Constant)));
        }
    }

    public override uint Failed(ReadOnlySpan<float> state)
    {
        uint failed = 0;
        foreach (TerminationRule rule in _failures)
            failed |= ~Inside(rule, state) & 0xFFFF;
        return failed;
    }

    public override uint Succeeded(ReadOnlySpan<float> state)
    {
        uint succeeded = 0;
        foreach (TerminationRule rule in _successes)
            succeeded |= Inside(rule, state);
        return succeeded;
    }

    private uint Inside(TerminationRule rule, ReadOnlySpan<float> state)
    {
        CheckRows(state.Length, Task.StateChannels.Count);
        ref float x = ref MemoryMarshal.GetReference(state);
        uint inside = 0;
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            uint bits = uint.MaxValue;
            V squares = S.All(0);
            for (int i = 0; i < rule.Indices.Length; i++)
            {
                V d = S.Sub(At(ref x, rule.Indices[i], lane), S.All(rule.Target[i]));
                bits &= S.AtMostMask(S.Max(d, S.Sub(S.All(0), d)), S.All(rule.MaxAbs));
                squares = S.Fma(d, d, squares);
            }
            // NaN is neither at most a bound nor inside a ball: a comparison with it is false.
            bits &= S.AtMostMask(squares, S.All(rule.Radius * rule.Radius));
            inside |= (bits & ((1u << S.Count) - 1)) << lane;
        }
        return inside;
    }

    private static V Cost(in BoundTerm term, ref float state, ref float action, int lane)
    {
        ref float from = ref term.OfAction ? ref action : ref state;
        V squares;
        if (term.OfRotation)
        {
            V w = At(ref from, term.Rows[0], lane);
            squares = S.Fnma(w, w, S.All(1));
        }
        else
        {
            squares = S.All(0);
            for (int i = 0; i < term.Rows.Length; i++)
            {
                V d = S.Sub(At(ref from, term.Rows[i], lane), S.All(term.Target[i]));
                squares = S.Fma(d, d, squares);
            }
        }
        return term.Shape switch
        {
            RewardShape.Squared => squares,
            RewardShape.Norm => S.Sqrt(S.Max(squares, S.All(0))),
            _ => S.IfAtLeast(S.All(term.RadiusSquared), squares, S.All(0), S.All(1)),
        };
    }

    private void Observe(
        FrameRow[] rows, Feature[] rotations, int length, ReadOnlySpan<float> state, ReadOnlySpan<float> noise, Span<float> to)
    {
        CheckRows(state.Length, Task.StateChannels.Count);
        CheckRows(to.Length, length);
        ref float x = ref MemoryMarshal.GetReference(state);
        ref float y = ref MemoryMarshal.GetReference(to);
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            foreach (ref readonly FrameRow row in rows.AsSpan())
            {
                V d = S.Sub(At(ref x, row.From, lane), S.All(row.Target));
                Put(ref y, row.To, lane, S.Fma(d, S.All(row.Scale), S.All(row.Offset)));
            }
            foreach (Feature f in rotations)
                Rotation(f, ref x, ref y, lane);
        }
        if (noise.IsEmpty)
            return;
        CheckRows(noise.Length, length);
        AddNoise(_noiseStd, ref MemoryMarshal.GetReference(noise), ref y);
    }

    private static void AddNoise(float[] noiseStd, ref float noise, ref float y)
    {
        for (int row = 0; row < noiseStd.Length; row++)
        {
            V std = S.All(noiseStd[row]);
            for (int lane = 0; lane < Lanes; lane += S.Count)
                Put(ref y, row, lane, S.Fma(std, At(ref noise, row, lane), At(ref y, row, lane)));
        }
    }

    private static FrameRow[] RowsOf(IEnumerable<Feature> features) =>
        [.. features.Where(f => !f.IsRotationMatrix).SelectMany(f => Enumerable.Range(0, f.Length).Select(i => new FrameRow(f, i)))];

    private static void Rotation(Feature f, ref float state, ref float to, int lane)
    {
        V w = At(ref state, f.Indices[0], lane), x = At(ref state, f.Indices[1], lane);
        V y = At(ref state, f.Indices[2], lane), z = At(ref state, f.Indices[3], lane);
        V one = S.All(1);
        V x2 = S.Add(x, x), y2 = S.Add(y, y), z2 = S.Add(z, z);
        V xx = S.Mul(x2, x), yy = S.Mul(y2, y), zz = S.Mul(z2, z);
        V xy = S.Mul(x2, y), xz = S.Mul(x2, z), yz = S.Mul(y2, z);
        int r = f.Start;
        Put(ref to, r, lane, S.Sub(one, S.Add(yy, zz)));
        Put(ref to, r + 1, lane, S.Fnma(w, z2, xy));
        Put(ref to, r + 2, lane, S.Fma(w, y2, xz));
        Put(ref to, r + 3, lane, S.Fma(w, z2, xy));
        Put(ref to, r + 4, lane, S.Sub(one, S.Add(xx, zz)));
        Put(ref to, r + 5, lane, S.Fnma(w, x2, yz));
        Put(ref to, r + 6, lane, S.Fnma(w, y2, xz));
        Put(ref to, r + 7, lane, S.Fma(w, x2, yz));
        Put(ref to, r + 8, lane, S.Sub(one, S.Add(xx, yy)));
    }

    private static void CheckRows(int length, int rows)
    {
        if (length < rows * Lanes)
            throw new ArgumentException($"{length} values where {rows} rows of {Lanes} are needed");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V At(ref float block, int row, int lane) => S.Load(ref Unsafe.Add(ref block, (row * Lanes) + lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(ref float block, int row, int lane, V value) => S.Store(ref Unsafe.Add(ref block, (row * Lanes) + lane), value);
}
