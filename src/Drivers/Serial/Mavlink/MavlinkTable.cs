namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>CRC_EXTRA and lengths of every message that may arrive; a message that is not in the table cannot be checked and is skipped.</summary>
public static partial class MavlinkTable
{
    /// <summary>Number of messages known.</summary>
    public static int Count => Ids.Length;

    /// <summary>Facts of the message <paramref name="id"/>; false where it is unknown.</summary>
    public static bool TryFind(uint id, out MavlinkMessageFacts facts)
    {
        int row = Ids.BinarySearch(id);
        facts = row < 0 ? default : new MavlinkMessageFacts(id, CrcExtras[row], BaseLengths[row], Lengths[row]);
        return row >= 0;
    }

    /// <summary>The message in row <paramref name="row"/>, ordered by id.</summary>
    public static MavlinkMessageFacts At(int row) => new(Ids[row], CrcExtras[row], BaseLengths[row], Lengths[row]);
}
