namespace Robotics.Policies.Tests;

/// <summary>The equations of <see cref="LayerKind"/> in double precision, straight from the flat row-major parameters.</summary>
internal sealed class ReferenceNetwork
{
    private readonly NetworkSpec _spec;
    private readonly float[] _parameters;
    private readonly double[][] _states;

    public ReferenceNetwork(NetworkSpec spec, float[] parameters)
    {
        _spec = spec;
        _parameters = parameters;
        _states = new double[spec.Layers.Length][];
        int offset = 0;
        for (int i = 0; i < spec.Layers.Length; i++)
        {
            LayerSpec layer = spec.Layers[i];
            offset += (int)layer.ParameterCount;
            _states[i] = layer.Kind == LayerKind.Gru ? Slice(offset - layer.Outputs, layer.Outputs) : [];
        }
    }

    public double[] Act(float[] observation)
    {
        double[] x = Array.ConvertAll(observation, v => (double)v);
        int offset = 0;
        for (int i = 0; i < _spec.Layers.Length; i++)
        {
            LayerSpec layer = _spec.Layers[i];
            x = Forward(layer, offset, x, i);
            offset += (int)layer.ParameterCount;
        }
        if (_spec.Head == PolicyHead.TanhGaussian)
            return [.. x.Take(x.Length / 2).Select(Math.Tanh)];
        return _spec.ClampOutput ? [.. x.Select(v => Math.Clamp(v, -1, 1))] : x;
    }

    private double[] Forward(LayerSpec layer, int offset, double[] x, int index)
    {
        int n = layer.Outputs;
        double[] y;
        switch (layer.Kind)
        {
            case LayerKind.Dense:
                y = Affine(offset, n, layer.Inputs, x);
                break;
            case LayerKind.Gru:
                return Gru(layer, offset, x, index);
            case LayerKind.LayerNorm:
                double mean = x.Average();
                double variance = x.Sum(v => (v - mean) * (v - mean)) / n;
                y = [.. x.Select((v, i) => (_parameters[offset + i] * (v - mean) / Math.Sqrt(variance + 1e-5)) + _parameters[offset + n + i])];
                break;
            default:
                y = [.. x.Select((v, i) => Math.Clamp((v - _parameters[offset + i]) * _parameters[offset + n + i], -10, 10))];
                break;
        }
        return [.. y.Select(v => Activate(layer.Activation, v))];
    }

    private double[] Gru(LayerSpec layer, int offset, double[] x, int index)
    {
        int n = layer.Outputs, inputCount = (3 * n * layer.Inputs) + (3 * n);
        double[] h = _states[index];
        double[] a = Affine(offset, 3 * n, layer.Inputs, x);
        double[] b = Affine(offset + inputCount, 3 * n, n, h);
        var next = new double[n];
        for (int i = 0; i < n; i++)
        {
            double r = Sigmoid(a[i] + b[i]);
            double z = Sigmoid(a[n + i] + b[n + i]);
            double c = Math.Tanh(a[(2 * n) + i] + (r * b[(2 * n) + i]));
            next[i] = (z * h[i]) + ((1 - z) * c);
        }
        _states[index] = next;
        return next;
    }

    private double[] Affine(int offset, int outputs, int inputs, double[] x)
    {
        var y = new double[outputs];
        for (int o = 0; o < outputs; o++)
        {
            y[o] = _parameters[offset + (outputs * inputs) + o];
            for (int i = 0; i < inputs; i++)
                y[o] += (double)_parameters[offset + (o * inputs) + i] * x[i];
        }
        return y;
    }

    private double[] Slice(int offset, int count) => [.. _parameters.Skip(offset).Take(count).Select(v => (double)v)];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Activate(Activation activation, double x)
    {
        double c = Math.Clamp(x, -3, 3);
        return activation switch
        {
            Activation.Relu => Math.Max(x, 0),
            Activation.Tanh => Math.Tanh(x),
            Activation.FastTanh => c * (27 + (c * c)) / (27 + (9 * c * c)),
            Activation.LeakyRelu => x > 0 ? x : 0.01 * x,
            _ => x,
        };
    }
}
