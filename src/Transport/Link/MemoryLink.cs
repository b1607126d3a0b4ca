namespace Robotics.Transport;

/// <summary>Both ends of a link inside one thread: the same protocol without sockets, repeatable to the bit, for single-process lockstep and tests.</summary>
public sealed class MemoryLink : IDisposable
{
    private readonly int _capacity;
    private readonly LearnerEnd _learner;
    private ulong _edges;

    /// <summary>A learner's end that edges can be connected to.</summary>
    /// <param name="capacity">Frames that may wait in each direction of one edge before sending refuses.</param>
    public MemoryLink(int capacity = 64)
    {
        _capacity = capacity;
        _learner = new LearnerEnd();
    }

    /// <summary>The learner's end.</summary>
    public ILearnerChannel Learner => _learner;

    /// <summary>A new edge's end.</summary>
    public IEdgeChannel Connect()
    {
        Span<byte> name = stackalloc byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(name, ++_edges);
        PeerAddress.TryRead(name, out PeerAddress address);
        var edge = new EdgeEnd(_learner, address, _capacity);
        _learner.Add(edge);
        return edge;
    }

    /// <summary>Forgets all edges.</summary>
    public void Dispose() => _learner.Dispose();

    private sealed class EdgeEnd(LearnerEnd learner, PeerAddress address, int capacity) : IEdgeChannel
    {
        public PeerAddress Address => address;

        public FrameQueue Up { get; } = new(capacity);

        public FrameQueue Down { get; } = new(capacity);

        public long Connections => 1;

        public string Trouble => "";

        public bool TrySend(ReadOnlySpan<byte> frame) => Up.TryPut(frame);

        public bool TryReceive(out ReadOnlySpan<byte> frame) => Down.TryTake(out frame);

        // The only thread that could put something here is the one that calls.
        public void Wait(int timeoutMs) { }

        public void Dispose() => learner.Remove(this);
    }

    private sealed class LearnerEnd : ILearnerChannel
    {
        private readonly List<EdgeEnd> _edges = [];
        private int _next;

        public void Add(EdgeEnd edge) => _edges.Add(edge);

        public void Remove(EdgeEnd edge) => _edges.Remove(edge);

        public bool TrySend(PeerAddress peer, ReadOnlySpan<byte> frame)
        {
            foreach (EdgeEnd edge in _edges)
            {
                if (edge.Address == peer)
                    return edge.Down.TryPut(frame);
            }
            return false;
        }

        public bool TryReceive(out PeerAddress peer, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> frame)
        {
            peer = default;
            user = default;
            frame = default;
            for (int i = 0; i < _edges.Count; i++)
            {
                _next = (_next + 1) % _edges.Count; // one frame of each in turn, as a ROUTER does
                if (!_edges[_next].Up.TryTake(out frame))
                    continue;
                peer = _edges[_next].Address;
                return true;
            }
            return false;
        }

        // The only thread that could put something here is the one that calls.
        public void Wait(int timeoutMs) { }

        public void Dispose() => _edges.Clear();
    }
}
