namespace Robotics.Policies.Kernels;

/// <summary>The memory of one network: pinned, aligned to 64 bytes, allocated once.</summary>
/// <remarks>Cut from the front: observation, two layer buffers, gate scratch, then per layer its parameters and state, last a copy of all state.</remarks>
internal sealed unsafe class NetworkArena
{
    private readonly float[] _memory;
    private readonly float* _start;
    private float* _free;

    public NetworkArena(int capacityFloats)
    {
        Capacity = Panels.Pad(capacityFloats);
        // Pinned, so that the plan may hold pointers; one vector more, so that the first one can be aligned.
        _memory = GC.AllocateArray<float>(Capacity + Panels.Widest, pinned: true);
        nuint address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _memory[0]);
        const nuint alignment = Panels.Widest * sizeof(float);
        _start = (float*)((address + alignment - 1) / alignment * alignment);
        _free = _start;
    }

    /// <summary>Floats it holds.</summary>
    public int Capacity { get; }

    /// <summary>Floats that the network of <paramref name="layers"/> takes.</summary>
    public static long Required(ReadOnlySpan<LayerSpec> layers)
    {
        int widest = 0, widestGates = 0;
        long parameters = 0;
        foreach (LayerSpec layer in layers)
        {
            widest = Math.Max(widest, layer.Outputs);
            if (layer.Kind == LayerKind.Gru)
                widestGates = Math.Max(widestGates, 3 * layer.Outputs);
            parameters += Required(layer);
        }
        return Panels.Pad(layers[0].Inputs) + (2L * Buffer(widest)) + (2L * Buffer(widestGates)) + parameters;
    }

    /// <summary>Forgets all that was taken, and clears that much: what was never taken is zero still (and, unless locked, not even resident).</summary>
    public void Clear()
    {
        new Span<float>(_start, (int)(_free - _start)).Clear();
        _free = _start;
    }

    /// <summary>Takes <paramref name="count"/> floats, rounded up to whole vectors.</summary>
    public float* Take(int count)
    {
        float* taken = _free;
        _free += Panels.Pad(count);
        System.Diagnostics.Debug.Assert(_free <= _start + Capacity, "the plan takes more than Required counted");
        return taken;
    }

    /// <summary>Floats of a scratch array for <paramref name="count"/> values: one vector more for reads that begin unaligned.</summary>
    public static int Buffer(int count) => Panels.Pad(count) + Panels.Widest;

    private static long Required(LayerSpec layer)
    {
        long outputs = Panels.Pad(layer.Kind == LayerKind.Gru ? 3 * layer.Outputs : layer.Outputs);
        return layer.Kind switch
        {
            LayerKind.Dense => outputs * (layer.Inputs + 1L),
            LayerKind.Gru => (outputs * (layer.Inputs + 1L)) + (outputs * (layer.Outputs + 1L)) + (3L * Panels.Pad(layer.Outputs)), // state, its initial value, its copy
            _ => 2 * outputs,
        };
    }
}
