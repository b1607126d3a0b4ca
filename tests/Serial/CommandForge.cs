using System.Linq.Expressions;
using System.Reflection;
using Robotics.Core;

namespace Robotics.Serial.Tests;

/// <summary>Makes the commands that only the supervisor can make, so that drivers can be tested without it.</summary>
internal static class CommandForge
{
    private static readonly Func<float[], long, long, long, SafetyAction, SafeCommand> s_make = Compile();

    public static SafeCommand Make(float[] values, SafetyAction action = SafetyAction.Nominal) => s_make(values, 0, 0, 0, action);

    private static Func<float[], long, long, long, SafetyAction, SafeCommand> Compile()
    {
        ConstructorInfo constructor = typeof(SafeCommand).GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance).Single();
        ParameterExpression[] p = [.. constructor.GetParameters().Select(x => Expression.Parameter(x.ParameterType))];
        return Expression.Lambda<Func<float[], long, long, long, SafetyAction, SafeCommand>>(Expression.New(constructor, p), p).Compile();
    }
}
