using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Robotics.Core;

namespace Robotics.Learner.Replay;

/// <summary>Compact memory of environment steps: each step once, histories and next observations rebuilt at the gather.</summary>
/// <remarks>
/// <para>A slot holds frame | critic state in one record (padded to cache lines) and the action in a second array, so that the
/// history of slot i is the contiguous run of actions before it. The successor of slot i is slot i + 1: an episode's final
/// observation takes a slot of its own that is never drawn. 211 bytes a slot in the hover recipe, where full transitions
/// take 2.6 kB. Images lie in a third array, as bytes, once each.</para>
/// <para>A ring: when full the oldest slots go. Slots whose history or successor crosses the ring's seam are not drawn.
/// Not thread-safe.</para>
/// </remarks>
internal sealed unsafe class ReplayPartition
{
    private const byte Drawable = 1;
    private const byte Terminal = 2;
    private const byte Final = 4;
    private const byte Succeeded = 8;
    private const byte CausedIntervention = 16;
    private const int PrefetchAhead = 16; // rows; a row is about 8 cache lines, a core keeps more than 100 misses of its second level in flight

    private readonly ReplayLayout _layout;
    private readonly IRewardModel _rewards;
    private readonly float* _records;
    private readonly float* _actions;
    private readonly byte* _images;
    private readonly byte[] _flags;
    private readonly ushort[] _ages; // steps since the episode began, saturated at the history length
    private readonly int _recordStride;
    private readonly int _imageStride;
    private readonly int _stateOffset;
    private readonly int _rewardOffset; // reward, then 1 or 0 for whether the successor has a value
    private int _head; // next slot to write
    private int _used; // slots ever written, up to the capacity
    private int _behind; // steps of its own episode that lie right before the slot written last
    private bool _open; // the last written slot still waits for its successor
    private int _openStep; // number of that step in its episode
    private int _episodeSlots; // slots of the episode that was added to last

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
        _flags = new byte[capacity];
        _ages = new ushort[capacity];
    }

    /// <summary>Bytes of the arena that <paramref name="capacity"/> slots take.</summary>
    public static long BytesOf(ReplayLayout layout, int capacity) =>
        ReplayArena.Padded((long)capacity * RecordStride(layout) * sizeof(float))
        + ReplayArena.Padded((long)capacity * layout.ActionLength * sizeof(float))
        + (capacity * ReplayArena.Padded(layout.ImageLength));

    /// <summary>Steps that can be drawn now.</summary>
    public int Count { get; private set; }

    /// <summary>Slots, final ones included.</summary>
    public int Capacity => _flags.Length;

    /// <summary>Adds one step; it becomes drawable with its successor (the next step, or its own final observation). The last step of an
    /// episode that is to be recorded again takes the whole episode with it.</summary>
    public void Add(in EnvironmentStep step)
    {
        // A step that does not follow the open one (an episode broken off without a final observation, a record lost in between) closes nothing.
        bool follows = _open && step.EpisodeStep > 0 && !step.BreaksOff;
        if (follows)
            MarkDrawable(Previous(_head), step.InterventionOnset ? CausedIntervention : (byte)0);
        _behind = follows ? _behind + 1 : 0;
        if (!_open || step.EpisodeStep <= _openStep)
            _episodeSlots = 0;
        _episodeSlots++;
        (_open, _openStep) = (false, step.EpisodeStep);
        Write(step.Frame, step.Privileged, step.Image, step.Action, step.EpisodeStep, 0);
        if (step.Terminated || step.Truncated)
        {
            int last = Previous(_head);
            Write(step.FinalFrame, step.FinalPrivileged, step.FinalImage, default, step.EpisodeStep + 1, Final);
            MarkDrawable(last, (byte)((step.Terminated ? Terminal : 0) | (step.Terminated && step.Succeeded ? Succeeded : 0)));
            if (step.Discarded)
                ForgetNewest(_episodeSlots + 1);
        }
        else
        {
            _open = true;
        }
    }

    /// <summary>The <paramref name="slots"/> written last, final ones included, are never drawn again.</summary>
    public void ForgetNewest(int slots)
    {
        int slot = _head;
        for (int i = Math.Min(slots, _used); i > 0; i--)
            Forget(slot = Previous(slot));
    }

    /// <summary>Computes every stored reward again, under the weights now in force (curriculum).</summary>
    public void Relabel()
    {
        for (int slot = 0; slot < _used; slot++)
        {
            if ((_flags[slot] & Drawable) != 0)
                Label(slot);
        }
    }

    /// <summary>Draws slots uniformly with replacement; rejection keeps it uniform over the drawable ones.</summary>
    public void Draw(Span<int> slots, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (Count == 0)
            throw new InvalidOperationException("the replay memory holds no complete step yet; ingest before training");
        for (int i = 0; i < slots.Length; i++)
        {
            int slot;
            do
                slot = random.NextInt(_used);
            while ((_flags[slot] & Drawable) == 0);
            slots[i] = slot;
        }
    }

    /// <summary>Brings the steps in rows [<paramref name="first"/>, <paramref name="first"/> + <paramref name="count"/>) of the batch's slots into its matrices.</summary>
    public void Gather(ReplayBatch batch, int first, int count, ReplayParts parts)
    {
        ReadOnlySpan<int> slots = batch.Slots.AsSpan(first, count);
        for (int row = 0; row < Math.Min(PrefetchAhead, count); row++)
            Prefetch(slots[row]);
        for (int row = 0; row < count; row++)
        {
            if (row + PrefetchAhead < count)
                Prefetch(slots[row + PrefetchAhead]);
            Gather(slots[row], batch, first + row, parts);
        }
    }

    private static int RecordStride(ReplayLayout layout) => (layout.FrameLength + layout.PrivilegedLength + 2 + 15) / 16 * 16;

    private int Previous(int slot) => slot == 0 ? Capacity - 1 : slot - 1;

    private void Write(ReadOnlySpan<float> frame, ReadOnlySpan<float> privileged, ReadOnlySpan<byte> image, ReadOnlySpan<float> action, int age, byte flags)
    {
        int slot = _head;
        ForgetOverwritten(slot);
        float* record = _records + ((nint)slot * _recordStride);
        frame.CopyTo(new Span<float>(record, _layout.FrameLength));
        privileged.CopyTo(new Span<float>(record + _layout.FrameLength, _layout.PrivilegedLength));
        image.CopyTo(new Span<byte>(_images + ((nint)slot * _imageStride), _layout.ImageLength));
        action.CopyTo(new Span<float>(_actions + ((nint)slot * _layout.ActionLength), _layout.ActionLength));
        _flags[slot] = flags;
        _ages[slot] = (ushort)Math.Min(age, _layout.HistoryLength);
        _head = slot + 1 == Capacity ? 0 : slot + 1;
        _used = Math.Max(_used, slot + 1);
    }

    // Once the ring is full, the slots up to a history's length past the seam lose actions that their history needs.
    private void ForgetOverwritten(int slot)
    {
        if (_used < Capacity)
            return;
        int last = Math.Min(slot + _layout.HistoryLength + 1, Capacity - 1);
        for (int s = slot == 0 ? 0 : last; s <= last; s++)
            Forget(s);
        Forget(slot);
    }

    private void Forget(int slot)
    {
        if ((_flags[slot] & Drawable) == 0)
            return;
        _flags[slot] &= unchecked((byte)~Drawable);
        Count--;
    }

    private void MarkDrawable(int slot, byte marks)
    {
        // The history lies before the slot and the successor after it, both without crossing the array's end.
        if (slot + 1 == Capacity || slot < _ages[slot] || _behind < _ages[slot])
            return;
        _flags[slot] = (byte)(Drawable | marks);
        Label(slot);
        Count++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(int slot)
    {
        if (!Sse.IsSupported)
            return;
        byte* record = (byte*)(_records + ((nint)slot * _recordStride));
        for (int offset = 0; offset < 2 * _recordStride * sizeof(float); offset += 64)
            Sse.Prefetch0(record + offset);
        byte* history = (byte*)(_actions + (((nint)slot - _ages[slot]) * _layout.ActionLength));
        for (int offset = 0; offset <= _ages[slot] * _layout.ActionLength * sizeof(float); offset += 64)
            Sse.Prefetch0(history + offset);
    }

    private void Gather(int slot, ReplayBatch batch, int row, ReplayParts parts)
    {
        float* record = _records + ((nint)slot * _recordStride);
        float* next = record + _recordStride;
        int state = _layout.CriticStateLength;
        if ((parts & ReplayParts.Observation) != 0)
            GatherObservation(slot, record, batch.Observation.Row(row), _ages[slot]);
        if ((parts & ReplayParts.NextObservation) != 0)
            GatherObservation(slot + 1, next, batch.NextObservation.Row(row), Math.Min(_ages[slot] + 1, _layout.HistoryLength));
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
        bool terminal = (_flags[slot] & Terminal) != 0;
        record[_rewardOffset] = _rewards.Reward(state, action, LabelsOf(_flags[slot]));
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
}
