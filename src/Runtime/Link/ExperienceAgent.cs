using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Memory;
using Robotics.Transport;

namespace Robotics.Runtime;

/// <summary>The agent's share of the second river: drains the control process's ring into the spool and the spool up the link, whatever boot the records are of.</summary>
/// <remarks>
/// One thread. A record leaves the ring only after the operating system has it in the spool's file: an agent that is killed reads it again, and the spool
/// knows it by its sequence. When the control process starts anew, its records begin a new stream; what the ended one left is sent first.
/// </remarks>
public sealed class ExperienceAgent : IDisposable
{
    private const int FramesPerPump = 4096; // a long absence's backlog is taken in slices, so that the link stays alive meanwhile
    private const int BytesPerPump = 4 << 20; // of images: a few milliseconds of copying, half the link's window

    private readonly RecordRing _ring;
    private readonly string _spoolRoot;
    private readonly TransitionSchema _schema;
    private readonly SpoolOptions _spoolOptions;
    private readonly IEdgeChannel? _channel;
    private readonly EdgeLinkOptions _linkOptions;
    private readonly McapRecording? _recording;
    private readonly byte[] _held;
    private int _heldLength;

    /// <summary>An agent for the records in <paramref name="ring"/>.</summary>
    /// <param name="ring">The ring that the control process fills.</param>
    /// <param name="spoolRoot">Folder of the spool.</param>
    /// <param name="schema">Shape of the records.</param>
    /// <param name="spoolOptions">How the disk is used.</param>
    /// <param name="channel">Frames to the learner, owned by the caller; null for a robot that only spools.</param>
    /// <param name="linkOptions">Times and limits of the link.</param>
    /// <param name="recordingFolder">Where a live recording goes; null for none.</param>
    public ExperienceAgent(
        RecordRing ring, string spoolRoot, TransitionSchema schema, SpoolOptions spoolOptions, IEdgeChannel? channel, EdgeLinkOptions? linkOptions = null, string? recordingFolder = null)
    {
        _ring = ring ?? throw new ArgumentNullException(nameof(ring));
        _schema = schema ?? throw new ArgumentNullException(nameof(schema));
        _channel = channel;
        _spoolRoot = spoolRoot;
        _spoolOptions = spoolOptions;
        _linkOptions = linkOptions ?? new EdgeLinkOptions();
        _held = new byte[schema.FinalRecordLength];
        _recording = recordingFolder is null ? null : new McapRecording(recordingFolder, schema);
    }

    /// <summary>The present boot's spool; null before the first record.</summary>
    public SpoolWriter? Spool { get; private set; }

    /// <summary>The present boot's link; null before the first record, and without a channel.</summary>
    public EdgeLink? Link { get; private set; }

    /// <summary>The policy that is installed; told to the learner.</summary>
    public PolicyIdentity Installed { get; set; }

    /// <summary>Ring frames that were no records of this schema: the control process runs another version.</summary>
    public long Invalid { get; private set; }

    /// <summary>Takes a copy of what was observed, for the static checks of policies; null for none.</summary>
    public RecentObservations? Recent { get; init; }

    /// <summary>Learns on the edge from what is recorded; null for none.</summary>
    public OnEdgeLearner? OnEdge { get; init; }

    /// <summary>Why the live recording ended; empty while all is well, and without one.</summary>
    public string RecordingTrouble => _recording?.Trouble ?? "";

    /// <summary>True where everything that was recorded is with the learner, and on its disk.</summary>
    public bool IsDrained =>
        _heldLength == 0 && _ring.PendingBytes == 0 && Link is { EarlierBootsLeft: 0 } && Spool is not null && Link.Acknowledged == Spool.LastAppended;

    /// <summary>Opens the stream of <paramref name="stream"/> before its first record, so that what ended boots left behind is sent at once.</summary>
    /// <exception cref="SpoolException">The spool cannot be opened.</exception>
    public void Open(SpoolStream stream)
    {
        if (Spool?.Stream == stream)
            return;
        Link?.Dispose();
        Spool?.Dispose();
        Spool = SpoolWriter.Open(_spoolRoot, stream, _schema, _spoolOptions);
        Link = _channel is null ? null : new EdgeLink(Spool, _channel, _linkOptions) { Installed = Installed };
    }

    /// <summary>Moves what is in the ring to the spool, and what is in the spool up the link; never blocks but for the disk.</summary>
    /// <returns>Records taken from the ring.</returns>
    /// <exception cref="SpoolException">A new boot's spool cannot be opened, or an fsync failed.</exception>
    public int Pump(long nowNs)
    {
        int taken = Drain();
        Spool?.Pump(nowNs);
        if (Spool is { IsFaulted: true })
            throw new SpoolException($"the disk refused to make {Spool.Folder} durable ({Spool.LastFailure}): what was written since may be lost; this agent must start again and recover");
        if (Link is null)
            return taken;
        Link.Installed = Installed;
        Link.Pump(nowNs);
        return taken;
    }

    /// <summary>Closes link and spool; ring and channel stay with their owners.</summary>
    public void Dispose()
    {
        Link?.Dispose();
        Spool?.Dispose();
        _recording?.Dispose();
    }

    private int Drain()
    {
        int taken = 0;
        if (_heldLength > 0 && !TryPut(_held.AsSpan(0, _heldLength)))
            return 0;
        _heldLength = 0;
        long bytes = 0;
        while (taken < FramesPerPump && bytes < BytesPerPump && _ring.TryRead(out ReadOnlySpan<byte> frame))
        {
            taken++;
            bytes += frame.Length;
            if (TryPut(frame))
                continue;
            // The disk is full: this one waits here, the others in the ring, which the control process sees filling up.
            frame.CopyTo(_held);
            _heldLength = frame.Length;
            break;
        }
        if (_heldLength == 0 && (taken > 0 || _ring.PendingBytes > 0) && (Spool is null || Spool.Flush()))
            _ring.Release();
        return taken;
    }

    // False only where it may succeed later.
    private bool TryPut(ReadOnlySpan<byte> frame)
    {
        if (TransitionCodec.TryPeek(frame, _schema, out TransitionHeader header) != DecodeStatus.Ok)
        {
            Invalid++;
            return true;
        }
        Open(new SpoolStream(header.Robot, header.Boot));
        SpoolStatus status = Spool!.Append(header, frame);
        if (status == SpoolStatus.Ok)
        {
            _recording?.Write(header, frame);
            Recent?.Add(frame);
            OnEdge?.Take(frame, isCut: Link?.State != EdgeLinkState.Connected);
        }
        return status is SpoolStatus.Ok or SpoolStatus.Duplicate or SpoolStatus.Invalid;
    }
}
