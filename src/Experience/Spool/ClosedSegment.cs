namespace Robotics.Experience;

/// <summary>A segment that nobody writes any more.</summary>
/// <param name="File">The file.</param>
/// <param name="Last">No sequence number in it is greater.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Records">Its records; -1 where nobody has counted them.</param>
public readonly record struct ClosedSegment(SegmentFile File, ulong Last, long Bytes, long Records)
{
    /// <summary>Notes durably that the segment is given up, then deletes it. A crash in between leaves the segment, and the next start deletes it.</summary>
    /// <param name="folder">Folder of the stream.</param>
    /// <param name="before">What of the stream was given up before.</param>
    /// <returns>What is given up now.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public DroppedNote GiveUp(string folder, DroppedNote before)
    {
        DroppedNote note = before;
        if (Last > before.Sequence)
        {
            long records = Records >= 0 ? Records : SegmentScan.Of(File.Path).Records;
            note = new DroppedNote(Last, before.Records + records);
            note.Write(folder);
        }
        System.IO.File.Delete(File.Path);
        return note;
    }
}
