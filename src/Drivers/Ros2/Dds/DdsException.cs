using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Cyclone DDS refused something. The message says what, for which name, and what to do where that is known.</summary>
public sealed class DdsException(string message) : Exception(message)
{
    /// <summary>Returns <paramref name="code"/>, or throws where it is negative.</summary>
    internal static int Check(int code, string what) => code >= 0 ? code : throw new DdsException($"{what}: {TextOf(code)}");

    internal static string TextOf(int code) => $"{Marshal.PtrToStringUTF8(DdsNative.dds_strretcode(code))} ({code})";
}
