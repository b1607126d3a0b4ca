using Robotics.Configuration;
using Robotics.Experience;
using Robotics.Transport;

namespace Robotics.Cli;

/// <summary>Turns whatever ended a verb into lines a person can act on and an exit code a script can branch on.</summary>
internal static class Failure
{
    public static int Report(Exception e)
    {
        switch (e)
        {
            case ConfigurationException c:
                foreach (ConfigProblem problem in c.Problems)
                    Console.Error.WriteLine(problem);
                Console.Error.WriteLine($"robotics: {c.Problems.Count} problem(s) in the configuration; nothing was started");
                return ExitCode.BadConfiguration;
            case OperationCanceledException:
                return ExitCode.Interrupted;
            case DllNotFoundException d:
                Console.Error.WriteLine($"robotics: {MissingLibrary(d)}");
                return ExitCode.Failed;
            case FailureException f:
                Console.Error.WriteLine($"robotics: {f.Message}");
                return f.Code;
            case IOException or UnauthorizedAccessException or InvalidDataException or ZmqException or SpoolException:
                Console.Error.WriteLine($"robotics: {e.Message}");
                if (Environment.GetEnvironmentVariable("ROBOTICS_TRACE") == "1")
                    Console.Error.WriteLine(e);
                return ExitCode.Failed;
            default:
                Console.Error.WriteLine($"robotics: unexpected failure, please report it: {e}");
                return ExitCode.Failed;
        }
    }

    private static string MissingLibrary(DllNotFoundException e)
    {
        string package = e.Message.Contains("zmq", StringComparison.Ordinal) ? "libzmq5"
            : e.Message.Contains("ddsc", StringComparison.Ordinal) ? "libddsc0debian"
            : "the library named below";
        return $"a native library is missing; install it with: apt-get install {package} ({e.Message.Split('\n')[0]})";
    }
}
