using System.ComponentModel;

namespace Robotics.Drivers.Ros2;

/// <summary>Used by generated records to change the length of arrays of texts and messages while keeping what they hold.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MessageArray
{
    /// <summary>An array of <paramref name="count"/> texts; new ones are empty.</summary>
    public static string[] Resize(string[] items, int count)
    {
        ArgumentNullException.ThrowIfNull(items);
        int kept = items.Length;
        Array.Resize(ref items, count);
        for (int i = kept; i < count; i++)
            items[i] = "";
        return items;
    }

    /// <summary>An array of <paramref name="count"/> messages; the reader fills new ones as their bytes arrive.</summary>
    public static T[] Resize<T>(T[] items, int count)
        where T : class, IRosMessage
    {
        Array.Resize(ref items, count);
        return items;
    }
}
