namespace Robotics.Core;

/// <summary>The only way anything in the runtime learns what time it is.</summary>
/// <remarks>Monotonic nanoseconds with an arbitrary origin; two clocks are never compared. Callable from any thread.</remarks>
public interface IClock
{
    /// <summary>Nanoseconds since the clock's own origin; never goes backwards.</summary>
    long NowNs { get; }
}
