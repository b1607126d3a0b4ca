using Robotics.Drivers.Ros2.Messages.RclInterfaces;

namespace Robotics.Drivers.Ros2;

/// <summary>Values of parameters between C# and <c>rcl_interfaces/msg/ParameterValue</c>.</summary>
public static class ParameterValues
{
    /// <summary>Type number of <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentException">ROS has no parameter of that C# type.</exception>
    public static byte TypeOf(object value) =>
        value switch
        {
            bool => ParameterType.PARAMETER_BOOL,
            long => ParameterType.PARAMETER_INTEGER,
            double => ParameterType.PARAMETER_DOUBLE,
            string => ParameterType.PARAMETER_STRING,
            byte[] => ParameterType.PARAMETER_BYTE_ARRAY,
            bool[] => ParameterType.PARAMETER_BOOL_ARRAY,
            long[] => ParameterType.PARAMETER_INTEGER_ARRAY,
            double[] => ParameterType.PARAMETER_DOUBLE_ARRAY,
            string[] => ParameterType.PARAMETER_STRING_ARRAY,
            _ => throw new ArgumentException($"{value?.GetType().Name ?? "null"} is no parameter type; use bool, long, double, string or arrays of them", nameof(value)),
        };

    /// <summary>The ROS form of <paramref name="value"/>.</summary>
    public static ParameterValue ToRos(object value)
    {
        var p = new ParameterValue { Type = TypeOf(value) };
        switch (value)
        {
            case bool v: p.BoolValue = v; break;
            case long v: p.IntegerValue = v; break;
            case double v: p.DoubleValue = v; break;
            case string v: p.StringValue = v; break;
            case byte[] v: p.ByteArrayValue = v; break;
            case bool[] v: p.BoolArrayValue = v; break;
            case long[] v: p.IntegerArrayValue = v; break;
            case double[] v: p.DoubleArrayValue = v; break;
            default: p.StringArrayValue = (string[])value; break;
        }
        return p;
    }

    /// <summary>The C# form of <paramref name="value"/>; null where it is not set or of an unknown type.</summary>
    public static object? FromRos(ParameterValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Type switch
        {
            ParameterType.PARAMETER_BOOL => value.BoolValue,
            ParameterType.PARAMETER_INTEGER => value.IntegerValue,
            ParameterType.PARAMETER_DOUBLE => value.DoubleValue,
            ParameterType.PARAMETER_STRING => value.StringValue,
            ParameterType.PARAMETER_BYTE_ARRAY => value.ByteArrayValue.ToArray(),
            ParameterType.PARAMETER_BOOL_ARRAY => value.BoolArrayValue.ToArray(),
            ParameterType.PARAMETER_INTEGER_ARRAY => value.IntegerArrayValue.ToArray(),
            ParameterType.PARAMETER_DOUBLE_ARRAY => value.DoubleArrayValue.ToArray(),
            ParameterType.PARAMETER_STRING_ARRAY => value.StringArrayValue.ToArray(),
            _ => null,
        };
    }

    internal static string NameOf(object value) => value is Array ? value.GetType().GetElementType()!.Name + " array" : value.GetType().Name;
}
