namespace Robotics.Policies.Kernels;

/// <summary>One float at a time: the reference the wider forms are tested against.</summary>
internal readonly unsafe struct LanesPlain : ILanes<float>
{
    public static int Count => 1;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* destination) => *destination = value;

    public static float Broadcast(float value) => value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float Abs(float a) => MathF.Abs(a);

    public static float PowerOfTwo(float shifted) =>
        BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits(shifted) << 23) + 0x3F80_0000);

    public static bool IsZero(float value) => value == 0;

    public static float WherePositive(float gate, float yes, float no) => gate > 0 ? yes : no;

    public static float Sum(float a) => a;
}
