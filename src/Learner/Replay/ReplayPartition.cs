using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Robotics.Core;

namespace Robotics.Learner.Replay;

/// <summary>Compact memory of environment steps: each step once, histories and next observations rebuilt at the gather.</summary>
/// <remarks>
/// <para>A slot holds frame | critic state in one record (padded to cache lines) and the action in a second array, so that the
/// history of slot i is the contiguous run of actions before it. The successor of slot i is slot i + 1: an episode's final
/// observation takes a slot of its own that is never drawn. 216 bytes a slot in the hover recipe, where full transitions
/// take 2.6 kB. Images lie in a third array, as bytes, once each.</para>
/// <para>A ring of blocks: each robot writes into a block of its own, so that steps of robots that arrive interleaved lie apart, and takes the
/// block begun longest ago when it is full. Not thread-safe.</para>
/// </remarks>
internal sealed unsafe partial class ReplayPartition
{
    private const byte Drawable = 1;
    private const byte Terminal = 2;
    private const byte Final = 4;
    private const byte Succeeded = 8;
    private const byte CausedIntervention = 16;
    private const int PrefetchAhead = 16; // rows; one of the hover recipe is 15 cache lines: from 8 rows on the gather waits for the memory's throughput, not for its delay (measured)

    private readonly ReplayLayout _layout;
    private readonly IRewardModel _rewards;
    private readonly float* _records;
    private readonly float* _actions;
    private readonly byte* _images;
    private readonly SlotState[] _states;
    private readonly int[] _episodes; // what the steps of one episode have in common
    private readonly int _recordStride;
    private readonly int _imageStride;
    private readonly int _stateOffset;
    private readonly int _rewardOffset; // reward, then 1 or 0 for whether the successor has a value
    private int _used; // every slot that was ever written is before this one

    /// <summary>Room for <paramref name="capacity"/> slots of <paramref name="arena"/>; an episode takes one more slot than it has steps.</summary>
    public ReplayPartition(ReplayLayout layout, int capacity, IRewardModel rewards, ReplayArena arena)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(rewards);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, layout.HistoryLength + 4);
        _layout = layout;
        _rewards = rewards;
        _stateOffset = layout.PrivilegedLength > 0 ? layout.FrameLength : 0;
        _rewardOffset = layout.FrameLength + layout.PrivilegedLength;
        _recordStride = RecordStride(layout);
        _imageStride = (int)ReplayArena.Padded(layout.ImageLength);
        _records = (float*)arena.Take((long)capacity * _recordStride * sizeof(float));
        _actions = (float*)arena.Take((long)capacity * layout.ActionLength * sizeof(float));
        _images = arena.Take((long)capacity * _imageStride);
        _states = new SlotState[capacity];
        _episodes = new int[capacity];
        _blockSlots = BlockSlots(layout, capacity);
        _owners = new ReplayCursor?[(capacity + _blockSlots - 1) / _blockSlots];
    }

    /// <summary>Bytes of the arena that <paramref name="capacity"/> slots take.</summary>
    public static long BytesOf(ReplayLayout layout, int capacity) =>
        ReplayArena.Padded((long)capacity * RecordStride(layout) * sizeof(float))
        + ReplayArena.Padded((long)capacity * layout.ActionLength * sizeof(float))
        + (capacity * ReplayArena.Padded(layout.ImageLength));

    /// <summary>Steps that can be drawn now.</summary>
    public int Count { get; private set; }

    /// <summary>Slots, final ones included.</summary>
    public int Capacity => _states.Length;

    /// <summary>Computes every stored reward again, under the weights now in force (curriculum).</summary>
    public void Relabel()
    {
        for (int slot = 0; slot < _used; slot++)
        {
            if ((_states[slot].Flags & Drawable) != 0)
                Label(slot);
        }
    }

    /// <summary>Draws slots uniformly with replacement; rejection keeps it uniform over the drawable ones.</summary>
    public void Draw(Span<int> slots, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (Count == 0)
            throw new InvalidOperationException("the replay memory holds no complete step yet; ingest before training");
        // All candidates first: what is known of each comes from far memory, and then comes for all at once.
        foreach (ref int slot in slots)
        {
            slot = random.NextInt(_used);
            Prefetch(ref Unsafe.As<SlotState, byte>(ref _states[slot]));
        }
        foreach (ref int slot in slots)
        {
            while ((_states[slot].Flags & Drawable) == 0)
                slot = random.NextInt(_used);
        }
    }

    /// <summary>Brings the steps in rows [<paramref name="first"/>, <paramref name="first"/> + <paramref name="count"/>) of the batch's slots into its matrices.</summary>
    public void Gather(ReplayBatch batch, int first, int count, ReplayParts parts)
    {
        ReadOnlySpan<int> slots = batch.Slots.AsSpan(first, count);
        int records = (parts & (ReplayParts.NextObservation | ReplayParts.NextCriticInput)) != 0 ? 2 : 1;
        for (int row = 0; row < Math.Min(PrefetchAhead, count); row++)
            Prefetch(slots[row], records);
        for (int row = 0; row < count; row++)
        {
            if (row + PrefetchAhead < count)
                Prefetch(slots[row + PrefetchAhead], records);
            Gather(slots[row], batch, first + row, parts);
        }
    }

    private static int RecordStride(ReplayLayout layout) => (layout.FrameLength + layout.PrivilegedLength + 2 + 15) / 16 * 16;

    // The whole history whatever the age: nothing here waits for memory, and a hint to an address that is not ours does nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(int slot, int records)
    {
        if (!Sse.IsSupported)
            return;
        byte* record = (byte*)(_records + ((nint)slot * _recordStride));
        for (int offset = 0; offset < records * _recordStride * sizeof(float); offset += 64)
            Sse.Prefetch0(record + offset);
        byte* history = (byte*)(_actions + (((nint)slot - _layout.HistoryLength) * _layout.ActionLength));
        for (int offset = 0; offset <= _layout.HistoryLength * _layout.ActionLength * sizeof(float); offset += 64)
            Sse.Prefetch0(history + offset);
    }

    // A hint only: nothing is read, so the array may move meanwhile.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(ref byte at)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref at));
    }

    private void Gather(int slot, ReplayBatch batch, int row, ReplayParts parts)
    {
        float* record = _records + ((nint)slot * _recordStride);
        float* next = record + _recordStride;
        int state = _layout.CriticStateLength;
        if ((parts & ReplayParts.Observation) != 0)
            GatherObservation(slot, record, batch.Observation.Row(row), _states[slot].Age);
        if ((parts & ReplayParts.NextObservation) != 0)
            GatherObservation(slot + 1, next, batch.NextObservation.Row(row), Math.Min(_states[slot].Age + 1, _layout.HistoryLength));
        if ((parts & ReplayParts.CriticInput) != 0)
        {
            float* input = batch.CriticInput.Row(row);
            Copy(record + _stateOffset, input, state);
            Copy(_actions + ((nint)slot * _layout.ActionLength), input + state, _layout.ActionLength);
        }
        if ((parts & ReplayParts.NextCriticInput) != 0)
            Copy(next + _stateOffset, batch.NextCriticInput.Row(row), state);
        if ((parts & (ReplayParts.Images | ReplayParts.NextImages)) != 0 && _layout.ImageLength > 0)
            GatherImages(slot, batch, row, parts);
        batch.Reward[row] = record[_rewardOffset];
        batch.Continues[row] = record[_rewardOffset + 1];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void GatherObservation(int slot, float* record, float* target, int available)
    {
        Copy(record, target, _layout.FrameLength);
        if (_layout.HistoryLength > 0)
            CopyHistory(slot, target + _layout.FrameLength, available);
    }

    private void GatherImages(int slot, ReplayBatch batch, int row, ReplayParts parts)
    {
        byte* image = _images + ((nint)slot * _imageStride);
        if ((parts & ReplayParts.Images) != 0)
            new ReadOnlySpan<byte>(image, _layout.ImageLength).CopyTo(batch.Images(row));
        if ((parts & ReplayParts.NextImages) != 0)
            new ReadOnlySpan<byte>(image + _imageStride, _layout.ImageLength).CopyTo(batch.NextImages(row));
    }

    private void Label(int slot)
    {
        float* record = _records + ((nint)slot * _recordStride);
        var state = new ReadOnlySpan<float>(record + _stateOffset, _layout.CriticStateLength);
        var action = new ReadOnlySpan<float>(_actions + ((nint)slot * _layout.ActionLength), _layout.ActionLength);
        bool terminal = (_states[slot].Flags & Terminal) != 0;
        record[_rewardOffset] = _rewards.Reward(state, action, LabelsOf(_states[slot].Flags));
        record[_rewardOffset + 1] = terminal ? 0 : 1;
    }

    private static StepLabels LabelsOf(byte flags) =>
        ((flags & Terminal) != 0 ? StepLabels.Terminated : StepLabels.None)
        | ((flags & Succeeded) != 0 ? StepLabels.Succeeded : StepLabels.None)
        | ((flags & CausedIntervention) != 0 ? StepLabels.CausedIntervention : StepLabels.None);

    // The last HistoryLength actions before the slot, oldest first; before the episode began it was the initial action.
    private void CopyHistory(int slot, float* target, int available)
    {
        int missing = (_layout.HistoryLength - available) * _layout.ActionLength;
        FillInitial(new Span<float>(target, missing));
        float* source = _actions + (((nint)slot - available) * _layout.ActionLength);
        Copy(source, target + missing, available * _layout.ActionLength);
    }

    private void FillInitial(Span<float> target)
    {
        ReadOnlySpan<float> initial = _layout.InitialAction.Span;
        if (initial.IsEmpty)
            target.Clear();
        for (int i = 0; i < target.Length && !initial.IsEmpty; i += initial.Length)
            initial.CopyTo(target[i..]);
    }

    // Whole registers, the last one overlapping the one before it: rows are some tens of floats, where a call of memmove costs more than the copy.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* target, int length)
    {
        const int wide = 8, narrow = 4;
        if (length >= wide)
        {
            for (int i = 0; i < length - wide; i += wide)
                Vector256.Load(source + i).Store(target + i);
            Vector256.Load(source + length - wide).Store(target + length - wide);
        }
        else if (length >= narrow)
        {
            Vector128.Load(source).Store(target);
            Vector128.Load(source + length - narrow).Store(target + length - narrow);
        }
        else
        {
            for (int i = 0; i < length; i++)
                target[i] = source[i];
        }
    }

    // Side by side, so that the age is at hand once the draw has looked at the flags.
    private struct SlotState
    {
        public byte Flags;
        public ushort Age; // steps since the episode began, saturated at the history length
    }
}
