using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Runtime.Memory;

/// <summary>Fixed part of an outside proposal in shared memory; the values follow. Layout: docs/formats/shared-memory.md.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public struct ProposalFrame
{
    /// <summary>Most values of one frame: the supervisor's clamp mask has as many bits.</summary>
    public const int MaxValues = 64;

    /// <summary>Bytes of the fixed part.</summary>
    public const int HeaderBytes = 80;

    /// <summary>Bytes of the largest frame.</summary>
    public const int MaxBytes = HeaderBytes + (MaxValues * sizeof(float));

    /// <summary>The start of the control process it is meant for.</summary>
    public ulong Boot;

    /// <summary>Identity of the writer's own start; a restarted writer counts its sequence anew under another identity.</summary>
    public ulong Writer;

    /// <summary>Grows with every frame of one writer, from 1.</summary>
    public ulong Sequence;

    /// <summary>When the state it answers was measured, ns, CLOCK_MONOTONIC.</summary>
    public long SampleTimeNs;

    /// <summary>Never applied after this time, ns, CLOCK_MONOTONIC.</summary>
    public long DeadlineNs;

    /// <summary>When the dead man's lease behind it ends, ns; <see cref="long.MaxValue"/> for a source without one.</summary>
    public long LeaseEndNs;

    /// <summary>The policy that proposes; none for a person.</summary>
    public PolicyIdentity Policy;

    /// <summary>Who proposes.</summary>
    public ActionSource Kind;

    /// <summary>What the values mean.</summary>
    public ProposalUnit Unit;

    /// <summary>Number of values; 0 withdraws.</summary>
    public ushort Count;

    private readonly uint _reserved;

    /// <summary>Writes frame and values. Allocates nothing.</summary>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">More than <see cref="MaxValues"/> values, or fewer bytes than they need.</exception>
    public static int Encode(ProposalFrame frame, ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (values.Length > MaxValues)
            throw new ArgumentException($"{values.Length} values, a proposal holds {MaxValues}", nameof(values));
        frame.Count = (ushort)values.Length;
        MemoryMarshal.Write(destination, in frame);
        MemoryMarshal.AsBytes(values).CopyTo(destination[HeaderBytes..]);
        return HeaderBytes + (values.Length * sizeof(float));
    }

    /// <summary>Reads bytes of whoever wrote into the mailbox: any bytes give a status, none an exception. Judges the form, not the times.</summary>
    public static ProposalStatus TryDecode(ReadOnlySpan<byte> bytes, out ProposalFrame frame, out ReadOnlySpan<float> values)
    {
        values = default;
        if (!MemoryMarshal.TryRead(bytes, out frame)
            || frame.Count > MaxValues
            || bytes.Length != HeaderBytes + (frame.Count * sizeof(float))
            || frame.Unit > ProposalUnit.Motion
            || frame.Kind is not (ActionSource.Policy or ActionSource.Human))
        {
            return ProposalStatus.Malformed;
        }
        values = MemoryMarshal.Cast<byte, float>(bytes[HeaderBytes..]);
        return frame.Count == 0 ? ProposalStatus.Withdrawn : ProposalStatus.Ok;
    }
}
