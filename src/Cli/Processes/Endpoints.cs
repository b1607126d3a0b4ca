namespace Robotics.Cli.Processes;

/// <summary>What may be reached without encryption: this machine only.</summary>
internal static class Endpoints
{
    public static void RequireKeys(string endpoint, bool haveKeys, string folder)
    {
        if (!haveKeys && !IsLoopback(endpoint))
            throw new FailureException($"{endpoint} is not on this machine and there are no keys in {Path.Combine(folder, "keys")}; make them with: robotics config keys", ExitCode.BadConfiguration);
    }

    public static bool IsLoopback(string endpoint) =>
        endpoint.StartsWith("tcp://127.", StringComparison.Ordinal) || endpoint.StartsWith("tcp://localhost:", StringComparison.Ordinal)
        || endpoint.StartsWith("tcp://[::1]:", StringComparison.Ordinal) || endpoint.StartsWith("ipc://", StringComparison.Ordinal);
}
