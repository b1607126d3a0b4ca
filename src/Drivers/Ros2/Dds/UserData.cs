using System.Text;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>The <c>key=value;</c> texts that ROS puts into the USER_DATA of participants and endpoints.</summary>
internal static unsafe class UserData
{
    private const int MaxBytes = 4096; // ROS writes about 150; more is somebody else's

    /// <summary>Text of a QoS' user data; empty where there is none.</summary>
    public static string Of(nint qos)
    {
        void* value;
        nuint size;
        if (qos == 0 || DdsNative.dds_qget_userdata(qos, &value, &size) == 0 || value == null)
            return "";
        string text = size <= MaxBytes ? Encoding.UTF8.GetString(new ReadOnlySpan<byte>(value, (int)size)) : "";
        DdsNative.dds_free(value);
        return text;
    }

    /// <summary>Value of <paramref name="key"/>, or empty.</summary>
    public static string Value(string userData, string key)
    {
        foreach (string pair in userData.Split(';'))
        {
            if (pair.Length > key.Length && pair[key.Length] == '=' && pair.StartsWith(key, StringComparison.Ordinal))
                return pair[(key.Length + 1)..];
        }
        return "";
    }
}
