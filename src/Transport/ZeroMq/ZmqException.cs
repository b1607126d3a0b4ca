using System.Runtime.InteropServices;

namespace Robotics.Transport;

/// <summary>A socket could not be set up; the message says which call, on what, why, and what to do.</summary>
public sealed class ZmqException : Exception
{
    /// <summary>With a diagnosis.</summary>
    public ZmqException(string message)
        : base(message) { }

    /// <summary>With a diagnosis and what the system said.</summary>
    public ZmqException(string message, Exception inner)
        : base(message, inner) { }

    internal static unsafe ZmqException Of(string what)
    {
        int number = Native.zmq_errno();
        string why = Marshal.PtrToStringUTF8((nint)Native.zmq_strerror(number)) ?? "";
        string hint = number == Native.EADDRINUSE ? "; another learner uses this port: stop it or give another endpoint" : "";
        return new ZmqException($"{what}: {why} (error {number}){hint}");
    }
}
