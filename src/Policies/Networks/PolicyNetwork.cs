using Robotics.Core;
using Robotics.Policies.Kernels;

namespace Robotics.Policies;

/// <summary>A policy network that flies: loads a verified image into memory it got at construction, and computes actions from it.</summary>
/// <remarks>
/// <see cref="TryLoad(ReadOnlySpan{byte})"/>, <see cref="Act"/> and <see cref="Reset"/> allocate nothing. One thread at a time. The same image gives
/// the same bits with every <see cref="PolicyKernel"/>.
/// </remarks>
public sealed unsafe class PolicyNetwork : IPolicy
{
    private const float MinLogStd = -20; // Spinning Up's SAC: LOG_STD_MIN
    private const float MaxLogStd = 2; // LOG_STD_MAX of the same

    private readonly NetworkArena _arena;
    private readonly NetworkKernels _kernels;
    private readonly LayerPlan[] _plans = new LayerPlan[NetworkSpec.MaxLayers];
    private readonly LayerSpec[] _incoming = new LayerSpec[NetworkSpec.MaxLayers];
    private int _layerCount;
    private NetworkImageFacts _facts;
    private float* _observation;
    private float* _ping;
    private float* _pong;
    private float* _gates;
    private float* _stateCopy;
    private bool _isOddCall;

    /// <summary>An empty network with room for <paramref name="capacityFloats"/> (see <see cref="RequiredFloats"/>).</summary>
    public PolicyNetwork(int capacityFloats, PolicyKernel kernel = PolicyKernel.Auto)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityFloats);
        _arena = new NetworkArena(capacityFloats);
        _kernels = NetworkKernels.Of(kernel);
    }

    /// <inheritdoc/>
    public int ObservationLength { get; private set; }

    /// <inheritdoc/>
    public int ActionLength { get; private set; }

    /// <summary>Number of recurrent state values.</summary>
    public int StateLength { get; private set; }

    /// <inheritdoc/>
    public PolicyIdentity Identity => _facts.Identity;

    /// <summary>What the image said beside its layers.</summary>
    public NetworkImageFacts Facts => _facts;

    /// <summary>True once an image was loaded.</summary>
    public bool IsLoaded => _layerCount > 0;

    /// <summary>Floats per vector of the kernels in use: 1, 4, 8 or 16.</summary>
    public int VectorWidth => _kernels.Lanes;

    /// <summary>Floats that a network of <paramref name="spec"/> needs in its arena.</summary>
    public static int RequiredFloats(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return checked((int)NetworkArena.Required(spec.Layers));
    }

    /// <summary>A network with just the room it needs, loaded with <paramref name="parameters"/>. Allocates.</summary>
    public static PolicyNetwork Create(NetworkSpec spec, ReadOnlySpan<float> parameters, PolicyKernel kernel = PolicyKernel.Auto)
    {
        var network = new PolicyNetwork(RequiredFloats(spec), kernel);
        if (!network.TryLoad(NetworkImage.Write(spec, parameters, default), out NetworkImageStatus status))
            throw new ArgumentException($"the parameters do not load: {status}", nameof(parameters));
        return network;
    }

    /// <summary>Loads <paramref name="image"/>; false where it is refused, and then the network that was loaded before still is.</summary>
    public bool TryLoad(ReadOnlySpan<byte> image) => TryLoad(image, out _);

    /// <summary>Loads <paramref name="image"/> and tells why not. Recurrent state begins at its initial value.</summary>
    public bool TryLoad(ReadOnlySpan<byte> image, out NetworkImageStatus status)
    {
        status = NetworkImage.TryRead(image, _incoming, out int count, out NetworkImageFacts facts, out ReadOnlySpan<float> parameters);
        if (status != NetworkImageStatus.Ok)
            return false;
        ReadOnlySpan<LayerSpec> layers = _incoming.AsSpan(0, count);
        if (NetworkArena.Required(layers) > _arena.Capacity)
        {
            status = NetworkImageStatus.Capacity;
            return false;
        }
        Take(layers, parameters, facts);
        return true;
    }

    /// <summary>Loads checked parameters of a network that fits (<see cref="RequiredFloats"/>), under no identity: to try it, not to fly it.</summary>
    internal void Load(NetworkSpec spec, ReadOnlySpan<float> parameters) =>
        Take(spec.Layers, parameters, new NetworkImageFacts(PolicyIdentity.None, 0, 0, 0, spec.Head, spec.ClampOutput));

    private void Take(ReadOnlySpan<LayerSpec> layers, ReadOnlySpan<float> parameters, NetworkImageFacts facts)
    {
        Plan(layers, parameters);
        _layerCount = layers.Length;
        _facts = facts;
        ObservationLength = layers[0].Inputs;
        ActionLength = facts.Head == PolicyHead.TanhGaussian ? layers[^1].Outputs / 2 : layers[^1].Outputs;
        Reset();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        foreach (ref readonly LayerPlan layer in _plans.AsSpan(0, _layerCount))
        {
            if (layer.Kind == LayerKind.Gru)
                new ReadOnlySpan<float>(layer.InitialState, layer.Outputs).CopyTo(new Span<float>(layer.State, layer.Outputs));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Also false, with the action left as it was, where an observed value is not finite or nothing is loaded;
    /// an action that is not finite is given as it is, for the supervisor to see, and false returned.</remarks>
    public bool Act(ReadOnlySpan<float> observation, Span<float> action)
    {
        float* output = Forward(observation, action.Length);
        if (output == null)
            return false;
        bool finite = true;
        for (int i = 0; i < action.Length; i++)
        {
            finite &= float.IsFinite(output[i]);
            action[i] = Squash(output[i]);
        }
        return finite;
    }

    /// <summary>As <see cref="Act"/>, on a copy of the recurrent state: it stays as it was. For a step between two of the rate trained at.</summary>
    public bool ActBetween(ReadOnlySpan<float> observation, Span<float> action)
    {
        var copy = new Span<float>(_stateCopy, StateLength);
        SaveState(copy);
        bool acted = Act(observation, action);
        RestoreState(copy);
        return acted;
    }

    /// <summary>As <see cref="Act"/>, but samples a tanh-Gaussian head with <paramref name="random"/>; a deterministic head gives its action.</summary>
    public bool Sample(ReadOnlySpan<float> observation, Span<float> action, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        float* output = Forward(observation, action.Length);
        if (output == null)
            return false;
        bool finite = true;
        for (int i = 0; i < action.Length; i++)
        {
            float value = output[i];
            if (_facts.Head == PolicyHead.TanhGaussian)
            {
                float logStd = Math.Clamp(output[action.Length + i], MinLogStd, MaxLogStd);
                value += MathF.Exp(logStd) * (float)random.NextGaussian();
            }
            finite &= float.IsFinite(value);
            action[i] = Squash(value);
        }
        return finite;
    }

    /// <summary>Copies the recurrent state, <see cref="StateLength"/> values, into <paramref name="state"/>.</summary>
    public void SaveState(Span<float> state)
    {
        foreach (ref readonly LayerPlan layer in _plans.AsSpan(0, _layerCount))
        {
            if (layer.Kind != LayerKind.Gru)
                continue;
            new ReadOnlySpan<float>(layer.State, layer.Outputs).CopyTo(state);
            state = state[layer.Outputs..];
        }
    }

    /// <summary>Sets the recurrent state to what <see cref="SaveState"/> gave.</summary>
    public void RestoreState(ReadOnlySpan<float> state)
    {
        foreach (ref readonly LayerPlan layer in _plans.AsSpan(0, _layerCount))
        {
            if (layer.Kind != LayerKind.Gru)
                continue;
            state[..layer.Outputs].CopyTo(new Span<float>(layer.State, layer.Outputs));
            state = state[layer.Outputs..];
        }
    }

    private float* Forward(ReadOnlySpan<float> observation, int actionLength)
    {
        if (observation.Length != ObservationLength || actionLength != ActionLength || _layerCount == 0)
            return null;
        // The copy is padded with zeros, so that kernels may read whole vectors.
        observation.CopyTo(new Span<float>(_observation, observation.Length));
        if (!_kernels.AllFinite(_observation, observation.Length))
            return null;
        _isOddCall = !_isOddCall;
        return _kernels.Forward(_plans.AsSpan(0, _layerCount), _observation, _ping, _pong, _gates, _isOddCall);
    }

    private float Squash(float value)
    {
        if (_facts.Head == PolicyHead.TanhGaussian)
            return MathF.Tanh(value);
        return _facts.ClampOutput ? Math.Clamp(value, -1f, 1f) : value;
    }

    private void Plan(ReadOnlySpan<LayerSpec> layers, ReadOnlySpan<float> parameters)
    {
        int widest = 0, gates = 0;
        foreach (LayerSpec layer in layers)
        {
            widest = Math.Max(widest, layer.Outputs);
            gates = layer.Kind == LayerKind.Gru ? Math.Max(gates, 3 * layer.Outputs) : gates;
        }
        _arena.Clear();
        _observation = _arena.Take(layers[0].Inputs);
        _ping = _arena.Take(NetworkArena.Buffer(widest));
        _pong = _arena.Take(NetworkArena.Buffer(widest));
        _gates = _arena.Take(2 * NetworkArena.Buffer(gates));
        StateLength = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            int count = (int)layers[i].ParameterCount;
            _plans[i] = LayerPlanner.Plan(layers[i], parameters[..count], _arena, _kernels.Lanes);
            parameters = parameters[count..];
            StateLength += layers[i].StateLength;
        }
        _stateCopy = _arena.Take(StateLength);
    }
}
