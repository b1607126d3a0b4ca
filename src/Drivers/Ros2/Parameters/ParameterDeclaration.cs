using Robotics.Drivers.Ros2.Messages.RclInterfaces;

namespace Robotics.Drivers.Ros2;

/// <summary>A parameter of a node: what it is and who may change it.</summary>
/// <param name="Name">Dotted name.</param>
/// <param name="Value">Initial value: bool, long, double, string, or an array of one of these (bytes too).</param>
/// <param name="Description">For people.</param>
/// <param name="ReadOnly">True where only the process itself sets it.</param>
/// <param name="Minimum">Least legal number; null for none.</param>
/// <param name="Maximum">Greatest legal number; null for none.</param>
/// <param name="OnSet">Called with a new value of the right type and range; returns null to accept or why it is refused.</param>
public sealed record ParameterDeclaration(
    string Name,
    object Value,
    string Description,
    bool ReadOnly = false,
    double? Minimum = null,
    double? Maximum = null,
    Func<object, string?>? OnSet = null
)
{
    /// <summary>The declaration as ROS describes it.</summary>
    internal ParameterDescriptor Describe()
    {
        var descriptor = new ParameterDescriptor
        {
            Name = Name,
            Type = ParameterValues.TypeOf(Value),
            Description = Description,
            ReadOnly = ReadOnly,
        };
        if (Value is double && (Minimum is not null || Maximum is not null))
            descriptor.FloatingPointRange = [new FloatingPointRange { FromValue = Minimum ?? double.MinValue, ToValue = Maximum ?? double.MaxValue }];
        if (Value is long && (Minimum is not null || Maximum is not null))
            descriptor.IntegerRange = [new IntegerRange { FromValue = (long)(Minimum ?? long.MinValue), ToValue = (long)(Maximum ?? long.MaxValue) }];
        return descriptor;
    }

    /// <summary>Why <paramref name="value"/> is refused; null where it is not.</summary>
    internal string? Refusal(object value)
    {
        if (ReadOnly)
            return $"{Name} is read-only";
        if (value.GetType() != Value.GetType())
            return $"{Name} is a {ParameterValues.NameOf(Value)}, not a {ParameterValues.NameOf(value)}";
        double? number = value switch { long l => l, double d => d, _ => null };
        if (number is { } n && !(n >= (Minimum ?? double.NegativeInfinity) && n <= (Maximum ?? double.PositiveInfinity)))
            return $"{Name} = {n} is outside [{Minimum}, {Maximum}]";
        return OnSet?.Invoke(value);
    }
}
