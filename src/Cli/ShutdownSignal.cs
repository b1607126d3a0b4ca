using System.Runtime.InteropServices;

namespace Robotics.Cli;

/// <summary>SIGTERM and Ctrl-C as a cancellation: the verb ends its work in order instead of being cut off.</summary>
internal sealed class ShutdownSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public ShutdownSignal()
    {
        void handle(PosixSignalContext context)
        {
            context.Cancel = true;
            _source.Cancel();
        }
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, handle)];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }
}
