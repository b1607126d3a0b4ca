using System.Collections;

namespace Robotics.Core;

/// <summary>The ordered channels of a sample or a command. Position in the layout is the index in every span of that kind.</summary>
/// <remarks>Immutable after construction; safe from any thread. Look indices up when a robot is loaded, never on the tick.</remarks>
public sealed class ChannelLayout : IReadOnlyList<Channel>
{
    private readonly Channel[] _channels;
    private readonly Dictionary<string, int> _indexByName;

    /// <summary>A layout of <paramref name="channels"/> in their order.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public ChannelLayout(IEnumerable<Channel> channels)
    {
        _channels = [.. channels];
        _indexByName = new Dictionary<string, int>(_channels.Length, StringComparer.Ordinal);
        for (int i = 0; i < _channels.Length; i++)
        {
            if (!_indexByName.TryAdd(_channels[i].Name, i))
                throw new ArgumentException($"channel '{_channels[i].Name}' occurs twice in the layout", nameof(channels));
        }
    }

    /// <inheritdoc/>
    public int Count => _channels.Length;

    /// <inheritdoc/>
    public Channel this[int index] => _channels[index];

    /// <summary>Index of the channel <paramref name="name"/>, or -1 where the layout has none.</summary>
    public int IndexOf(string name) => _indexByName.TryGetValue(name, out int index) ? index : -1;

    /// <summary>Indices of <paramref name="names"/> in their order, or null where one is missing.</summary>
    public int[]? TryIndicesOf(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var indices = new int[names.Count];
        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = IndexOf(names[i]);
            if (indices[i] < 0)
                return null;
        }
        return indices;
    }

    /// <inheritdoc/>
    public IEnumerator<Channel> GetEnumerator() => ((IEnumerable<Channel>)_channels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
