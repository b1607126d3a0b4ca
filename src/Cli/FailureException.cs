namespace Robotics.Cli;

/// <summary>A verb that could not do its work, for a reason the user can act on.</summary>
internal sealed class FailureException(string message, int code = ExitCode.Failed) : Exception(message)
{
    public int Code { get; } = code;
}
