using System.Diagnostics.CodeAnalysis;

namespace Robotics.Runtime.Time;

/// <summary>Lets the caches of .NET itself grow to their full size before the flight.</summary>
/// <remarks>The cache of casts is one managed array per process. It starts with a few entries and doubles whenever a new pair of types meets
/// in a cast, on whichever thread that happens: 6,192, 12,336, 24,624, 49,200 and 98,352 bytes, the last with 4,096 entries, beyond which it never
/// grows (measured on .NET 10.0 with GC.GetAllocatedBytesForCurrentThread). Unless it is full-grown, a cast on the tick may be what makes it grow.</remarks>
public static class RuntimeCaches
{
    private const int Objects = 64; // times about 90 interfaces: three times the casts after which it was full-grown

    /// <summary>Makes some thousand different casts. A few milliseconds; allocates.</summary>
    /// <returns>Casts made.</returns>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Any types will do.")]
    public static int Grow()
    {
        Type[] types = typeof(object).Assembly.GetTypes();
        Type[] interfaces = [.. types.Where(t => t.IsInterface && !t.ContainsGenericParameters && !t.IsGenericType)];
        object[] objects = [.. types.Where(t => t.IsEnum && !t.ContainsGenericParameters).Take(Objects).Select(t => Enum.ToObject(t, 0))];
        int casts = 0;
        foreach (object o in objects)
        {
            foreach (Type type in interfaces)
            {
                _ = type.IsInstanceOfType(o);
                casts++;
            }
        }
        return casts;
    }
}
