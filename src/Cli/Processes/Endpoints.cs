namespace Robotics.Cli.Processes;

/// <summary>What may be reached without encryption: this machine only.</summary>
internal static class Endpoints
{
    /// <summary>True where the link is to use the keys in FOLDER/keys: wherever there are any, and always off loopback.</summary>
    public static bool UsesKeys(string endpoint, string folder, out string keyFolder)
    {
        keyFolder = Path.Combine(folder, "keys");
        bool haveKeys = Directory.Exists(keyFolder);
        if (!haveKeys && !IsLoopback(endpoint))
            throw new FailureException($"{endpoint} is not on this machine and there are no keys in {keyFolder}; make them with: robotics config keys", ExitCode.BadConfiguration);
        return haveKeys;
    }

    /// <summary>Keys of teleoperation: the agent's and its operators'.</summary>
    public static string TeleopKeys(string folder) => Path.Combine(folder, "teleop-keys");

    /// <summary>The same rule for people: wherever there are keys, and always off loopback.</summary>
    public static bool UsesTeleopKeys(string endpoint, string folder, out string keyFolder)
    {
        keyFolder = TeleopKeys(folder);
        bool haveKeys = Directory.Exists(keyFolder);
        if (!haveKeys && !IsLoopback(endpoint))
            throw new FailureException($"{endpoint} is not on this machine and there are no keys in {keyFolder}; make them with: robotics teleop keys --operator NAME", ExitCode.BadConfiguration);
        return haveKeys;
    }

    public static bool IsLoopback(string endpoint) =>
        endpoint.StartsWith("tcp://127.", StringComparison.Ordinal) || endpoint.StartsWith("tcp://localhost:", StringComparison.Ordinal)
        || endpoint.StartsWith("tcp://[::1]:", StringComparison.Ordinal) || endpoint.StartsWith("ipc://", StringComparison.Ordinal);
}
