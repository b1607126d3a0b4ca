namespace Robotics.Learner.Kernels;

/// <summary>The kernels as plain loops that read like the equations: the reference for the fast ones.</summary>
internal sealed unsafe class PlainKernels : DenseKernels
{
    public override string Name => "plain";

    public override void Forward(
        DenseShape shape,
        Matrix x,
        float* weights,
        float* bias,
        Matrix y,
        Activation activation,
        Matrix derivative
    )
    {
        for (int b = 0; b < x.Rows; b++)
        {
            for (int n = 0; n < shape.PaddedOutputs; n++)
            {
                float sum = bias[n];
                for (int k = 0; k < shape.Inputs; k++)
                    sum += x.Row(b)[k] * weights[shape.IndexOf(n, k)];
                (float value, float slope) = Evaluate(activation, sum);
                y.Row(b)[n] = value;
                if (derivative.Data != 0)
                    derivative.Row(b)[n] = slope;
            }
        }
    }

    public override void BackwardInput(
        DenseShape shape,
        Matrix dy,
        float* transposed,
        Matrix dx,
        Activation previous,
        Matrix gate,
        int firstPanel = 0,
        int* rows = null
    )
    {
        for (int b = 0; b < dy.Rows; b++)
        {
            for (int k = firstPanel * DenseShape.PanelWidth; k < shape.Inputs; k++)
            {
                float* column = transposed + ((nint)(k / DenseShape.PanelWidth) * shape.Outputs * DenseShape.PanelWidth) + (k % DenseShape.PanelWidth);
                float sum = 0;
                for (int n = 0; n < shape.Outputs; n++)
                    sum += dy.Row(b)[n] * column[n * DenseShape.PanelWidth];
                dx.Row(b)[k] = sum * SlopeFrom(previous, gate.Data == 0 ? 1 : gate.Row(rows is null ? b : rows[b])[k]);
            }
        }
    }

    public override void BackwardWeights(DenseShape shape, Matrix x, Matrix dy, float* weightGradient, float* biasGradient)
    {
        for (int n = 0; n < shape.PaddedOutputs; n++)
        {
            biasGradient[n] = 0;
            for (int b = 0; b < x.Rows; b++)
                biasGradient[n] += dy.Row(b)[n];
            for (int k = 0; k < shape.PaddedInputs; k++)
            {
                float sum = 0;
                for (int b = 0; b < x.Rows && k < shape.Inputs; b++)
                    sum += dy.Row(b)[n] * x.Row(b)[k];
                weightGradient[shape.IndexOf(n, k)] = sum;
            }
        }
    }

    public override void Normalise(Matrix standard, float* gain, float* shift, Matrix y, Matrix scales, Activation activation, Matrix derivative)
    {
        int columns = standard.Columns;
        for (int b = 0; b < standard.Rows; b++)
        {
            float* z = standard.Row(b);
            float mean = 0, variance = 0;
            for (int n = 0; n < columns; n++)
                mean += z[n] / columns;
            for (int n = 0; n < columns; n++)
                variance += (z[n] - mean) * (z[n] - mean) / columns;
            float scale = 1 / MathF.Sqrt(variance + NormEpsilon);
            *scales.Row(b) = scale;
            for (int n = 0; n < columns; n++)
            {
                z[n] = (z[n] - mean) * scale;
                (float value, float slope) = Evaluate(activation, gain is null ? z[n] : (gain[n] * z[n]) + shift[n]);
                y.Row(b)[n] = value;
                if (derivative.Data != 0)
                    derivative.Row(b)[n] = slope;
            }
        }
    }

    public override void BackwardNormalise(Matrix dy, Matrix standard, Matrix scales, float* gain, float* gainGradient, float* shiftGradient, int* rows = null)
    {
        int columns = dy.Columns;
        for (int n = 0; n < columns && gainGradient is not null; n++)
        {
            (gainGradient[n], shiftGradient[n]) = (0, 0);
            for (int b = 0; b < dy.Rows; b++)
            {
                gainGradient[n] += dy.Row(b)[n] * standard.Row(b)[n];
                shiftGradient[n] += dy.Row(b)[n];
            }
        }
        for (int b = 0; b < dy.Rows; b++)
        {
            int row = rows is null ? b : rows[b];
            float mean = 0, projection = 0;
            for (int n = 0; n < columns; n++)
            {
                float g = dy.Row(b)[n] * (gain is null ? 1 : gain[n]);
                mean += g / columns;
                projection += g * standard.Row(row)[n] / columns;
            }
            for (int n = 0; n < columns; n++)
            {
                float g = dy.Row(b)[n] * (gain is null ? 1 : gain[n]);
                dy.Row(b)[n] = *scales.Row(row) * (g - mean - (standard.Row(row)[n] * projection));
            }
        }
    }

    public override void Gates(Matrix inputGates, Matrix hiddenGates, Matrix hidden, Matrix next)
    {
        int units = hidden.Columns;
        for (int b = 0; b < hidden.Rows; b++)
        {
            float* i = inputGates.Row(b), h = hiddenGates.Row(b);
            for (int u = 0; u < units; u++)
            {
                float r = 1 / (1 + MathF.Exp(-(i[u] + h[u])));
                float z = 1 / (1 + MathF.Exp(-(i[units + u] + h[units + u])));
                float n = MathF.Tanh(i[(2 * units) + u] + (r * h[(2 * units) + u]));
                (i[u], i[units + u], i[(2 * units) + u]) = (r, z, n);
                next.Row(b)[u] = n + (z * (hidden.Row(b)[u] - n));
            }
        }
    }

    public override void BackwardGates(Matrix gates, Matrix hiddenGates, Matrix hidden, Matrix nextGradient, Matrix inputGradient, Matrix hiddenGradient)
    {
        int units = hidden.Columns;
        for (int b = 0; b < hidden.Rows; b++)
        {
            float* g = gates.Row(b), h = hiddenGates.Row(b), di = inputGradient.Row(b);
            for (int u = 0; u < units; u++)
            {
                (float r, float z, float n) = (g[u], g[units + u], g[(2 * units) + u]);
                float dNext = nextGradient.Row(b)[u];
                float dn = dNext * (1 - z) * (1 - (n * n));
                float dz = dNext * (hidden.Row(b)[u] - n) * z * (1 - z);
                float dr = dn * h[(2 * units) + u] * r * (1 - r);
                (di[u], di[units + u], di[(2 * units) + u]) = (dr, dz, dn);
                (h[u], h[units + u], h[(2 * units) + u]) = (dr, dz, dn * r);
                hiddenGradient.Row(b)[u] = dNext * z;
            }
        }
    }

    public override void Adam(float* parameter, float* gradient, float* first, float* second, int length, AdamStep step)
    {
        for (int i = 0; i < length; i++)
        {
            float g = gradient[i] * step.GradientScale;
            first[i] = (step.Beta1 * first[i]) + ((1 - step.Beta1) * g);
            second[i] = (step.Beta2 * second[i]) + ((1 - step.Beta2) * g * g);
            parameter[i] =
                (step.Keep * parameter[i]) - (step.Rate * first[i] / (MathF.Sqrt(second[i] * step.SecondCorrection) + step.Epsilon));
        }
    }

    public override void Polyak(float* target, float* source, int length, float keep)
    {
        for (int i = 0; i < length; i++)
            target[i] = (keep * target[i]) + ((1 - keep) * source[i]);
    }

    public override void Add(float* target, float* source, int length)
    {
        for (int i = 0; i < length; i++)
            target[i] += source[i];
    }

    private static (float Value, float Slope) Evaluate(Activation activation, float x)
    {
        switch (activation)
        {
            case Activation.Relu:
                return (MathF.Max(x, 0), x > 0 ? 1 : 0);
            case Activation.LeakyRelu:
                return (MathF.Max(x, SimdKernels.LeakySlope * x), x > 0 ? 1 : SimdKernels.LeakySlope);
            case Activation.FastTanh:
                float c = Math.Clamp(x, -3, 3);
                float g = (9 - (c * c)) / (3 * (3 + (c * c)));
                return (c * (27 + (c * c)) / (27 + (9 * c * c)), g * g);
            default:
                return (x, 1);
        }
    }

    private static float SlopeFrom(Activation previous, float gate) =>
        previous switch
        {
            Activation.Relu => gate > 0 ? 1 : 0,
            Activation.LeakyRelu => gate > 0 ? 1 : SimdKernels.LeakySlope,
            Activation.FastTanh => gate,
            _ => 1,
        };
}
