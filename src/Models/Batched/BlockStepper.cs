using System.Runtime.Intrinsics;

namespace Robotics.Models;

/// <summary>Steps one block of 16 vehicles with registers of a width chosen once.</summary>
internal abstract class BlockStepper
{
    /// <summary>The stepper for <paramref name="registerBits"/>, 0 for the widest registers of the machine.</summary>
    public static BlockStepper Create(QuadrotorParameters p, double stepS, int registerBits) =>
        WideWidth.Choose(registerBits) switch
        {
            512 => new Of<Wide512, Vector512<float>>(p, stepS),
            256 => new Of<Wide256, Vector256<float>>(p, stepS),
            _ => new Of<Wide128, Vector128<float>>(p, stepS),
        };

    /// <summary>Advances the block that begins at <paramref name="state"/> under its <paramref name="setpoints"/>.</summary>
    public abstract void Step(ref float state, ref float setpoints);

    /// <summary>Replaces the gradient after a step by the one before it.</summary>
    public abstract void StepBack(ref float state, ref float setpoints, ref float gradient, ref float setpointGradient);

    private sealed class Of<S, V>(QuadrotorParameters p, double stepS) : BlockStepper
        where S : struct, IWide<V>
        where V : struct
    {
        private readonly QuadrotorLanes<S, V> _constants = new(p, stepS);

        public override void Step(ref float state, ref float setpoints) =>
            QuadrotorKernel<S, V>.StepBlock(ref state, ref setpoints, _constants);

        public override void StepBack(ref float state, ref float setpoints, ref float gradient, ref float setpointGradient) =>
            QuadrotorAdjointKernel<S, V>.StepBlock(ref state, ref setpoints, ref gradient, ref setpointGradient, _constants);
    }
}
