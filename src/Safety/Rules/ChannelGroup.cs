using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Channels that robot.yaml names together by their common prefix: <c>position</c> stands for position.x, .y and .z.</summary>
internal static class ChannelGroup
{
    /// <summary>Indices of the channel called <paramref name="name"/> or of all whose name begins with <paramref name="name"/> and a dot.</summary>
    public static int[] Find(ChannelLayout layout, string name) =>
        [.. Enumerable.Range(0, layout.Count).Where(i => Belongs(layout[i].Name, name))];

    private static bool Belongs(string channel, string name) =>
        channel.StartsWith(name, StringComparison.Ordinal) && (channel.Length == name.Length || channel[name.Length] == '.');
}
