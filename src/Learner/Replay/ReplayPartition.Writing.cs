namespace Robotics.Learner.Replay;

/// <summary>How steps get into a partition, and out of it again.</summary>
internal sealed unsafe partial class ReplayPartition
{
    private const int BlocksAtLeast = 16; // what a partition gives up at once when it is full is a sixteenth of it at most
    private const int LargestBlock = 1024; // slots; the history of 32 that the hover recipe carries into a new block is 3 % of that

    private readonly int _blockSlots;
    private readonly ReplayCursor?[] _owners; // who writes into the block now
    private int _nextBlock;

    /// <summary>Steps that can never be drawn because what followed them was not taken in: a record was lost, the robot began anew, or the
    /// others filled the partition while this one stood still.</summary>
    public long BrokenOff { get; private set; }

    /// <summary>Adds one step of the stream at <paramref name="at"/>; it becomes drawable with its successor (the stream's next step, or its
    /// own final observation). The last step of an episode that is to be recorded again takes the whole episode with it.</summary>
    public void Add(ReplayCursor at, in EnvironmentStep step)
    {
        // A step that does not follow the open one (an episode broken off without a final observation, a record lost in between) closes nothing.
        bool follows = at.IsOpen && step.EpisodeStep > 0 && !step.BreaksOff;
        BrokenOff += at.IsOpen && !follows ? 1 : 0;
        int slot = Room(at, follows);
        if (follows)
            MarkDrawable(slot - 1, at.Behind, step.InterventionOnset ? CausedIntervention : (byte)0);
        at.Behind = follows ? at.Behind + 1 : 0;
        at.IsOpen = !step.Terminated && !step.Truncated;
        Write(slot, at.Episode, step.Frame, step.Privileged, step.Image, step.Action, step.EpisodeStep, 0);
        if (at.IsOpen)
            return;
        slot = Room(at, keepsLast: true);
        Write(slot, at.Episode, step.FinalFrame, step.FinalPrivileged, step.FinalImage, default, step.EpisodeStep + 1, Final);
        MarkDrawable(slot - 1, at.Behind, (byte)((step.Terminated ? Terminal : 0) | (step.Terminated && step.Succeeded ? Succeeded : 0)));
        if (step.Discarded)
            ForgetEpisode(at.Episode);
    }

    /// <summary>No step of <paramref name="episode"/> is ever drawn again.</summary>
    public void ForgetEpisode(int episode)
    {
        for (int slot = 0; slot < _used; slot++)
        {
            if (_episodes[slot] == episode)
                Forget(slot);
        }
    }

    private static int BlockSlots(ReplayLayout layout, int capacity)
    {
        int least = 2 * (layout.HistoryLength + 2); // what is carried into a block is half of it at most
        return Math.Min(capacity, Math.Max(least, Math.Min(LargestBlock, capacity / BlocksAtLeast)));
    }

    // The stream's next slot. Where it begins another block that does not lie right behind its last one, the step written last goes there
    // with its history first, if its successor is still to be written.
    private int Room(ReplayCursor at, bool keepsLast)
    {
        if (at.Next == at.End)
        {
            int behindLast = at.Next;
            TakeBlock(at);
            if (keepsLast && at.Next != behindLast)
                CarryOver(at, behindLast - 1);
        }
        _used = Math.Max(_used, at.Next + 1);
        return at.Next++;
    }

    private void TakeBlock(ReplayCursor at)
    {
        if (at.Block >= 0)
            _owners[at.Block] = null;
        if (_owners[_nextBlock] is { } other)
            Dispossess(other);
        _owners[_nextBlock] = at;
        at.Block = _nextBlock;
        at.Next = _nextBlock * _blockSlots;
        at.End = Math.Min(at.Next + _blockSlots, Capacity);
        _nextBlock = (_nextBlock + 1) % _owners.Length;
        ForgetBlock(at.Next, at.End);
    }

    private void Dispossess(ReplayCursor other)
    {
        BrokenOff += other.IsOpen ? 1 : 0;
        other.IsOpen = false;
        other.Block = -1;
        other.Next = other.End = 0;
    }

    // With the block's own steps go the one right before it, whose successor lies here, and those right behind it, whose history does.
    private void ForgetBlock(int start, int end)
    {
        for (int slot = Math.Max(start - 1, 0); slot < end; slot++)
            Forget(slot);
        for (int slot = end; slot < Math.Min(end + _layout.HistoryLength, Capacity); slot++)
        {
            if (slot - _states[slot].Age < end)
                Forget(slot);
        }
    }

    private void CarryOver(ReplayCursor at, int last)
    {
        int behind = Math.Min(at.Behind, _layout.HistoryLength), to = at.Next + behind;
        int length = (behind + 1) * _layout.ActionLength;
        new Span<float>(_actions + ((nint)(last - behind) * _layout.ActionLength), length).CopyTo(new Span<float>(_actions + ((nint)at.Next * _layout.ActionLength), length));
        for (int slot = at.Next; slot < to; slot++)
            (_states[slot], _episodes[slot]) = (default, at.Episode); // actions only: never drawn
        (_states[to], _episodes[to]) = (new SlotState { Age = _states[last].Age }, at.Episode);
        new Span<float>(_records + ((nint)last * _recordStride), _recordStride).CopyTo(new Span<float>(_records + ((nint)to * _recordStride), _recordStride));
        new Span<byte>(_images + ((nint)last * _imageStride), _imageStride).CopyTo(new Span<byte>(_images + ((nint)to * _imageStride), _imageStride));
        (at.Behind, at.Next) = (behind, to + 1);
    }

    private void Write(int slot, int episode, ReadOnlySpan<float> frame, ReadOnlySpan<float> privileged, ReadOnlySpan<byte> image, ReadOnlySpan<float> action, int age, byte flags)
    {
        float* record = _records + ((nint)slot * _recordStride);
        frame.CopyTo(new Span<float>(record, _layout.FrameLength));
        privileged.CopyTo(new Span<float>(record + _layout.FrameLength, _layout.PrivilegedLength));
        image.CopyTo(new Span<byte>(_images + ((nint)slot * _imageStride), _layout.ImageLength));
        action.CopyTo(new Span<float>(_actions + ((nint)slot * _layout.ActionLength), _layout.ActionLength));
        _states[slot] = new SlotState { Flags = flags, Age = (ushort)Math.Min(age, _layout.HistoryLength) };
        _episodes[slot] = episode;
    }

    private void Forget(int slot)
    {
        if ((_states[slot].Flags & Drawable) == 0)
            return;
        _states[slot].Flags &= unchecked((byte)~Drawable);
        Count--;
    }

    // The successor lies right behind the slot. A step that lacks actions the policy had seen is not drawn.
    private void MarkDrawable(int slot, int behind, byte marks)
    {
        if (behind < _states[slot].Age)
            return;
        _states[slot].Flags = (byte)(Drawable | marks);
        Label(slot);
        Count++;
    }
}
