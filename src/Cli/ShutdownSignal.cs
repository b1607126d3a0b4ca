using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Cli;

/// <summary>SIGTERM, Ctrl-C and hang-up as a cancellation: the verb ends its work in order instead of being cut off. Asked again it is cut off (<see cref="ShutdownWish"/>).</summary>
internal sealed class ShutdownSignal : IDisposable
{
    /// <summary>SIGUSR1 (signal(7)): how <c>robotics run</c> passes the wish on to its children, so that they tell it from a person's.</summary>
    public const int PassedOn = 10;

    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenSource _again = new();
    private readonly ShutdownWish _wish = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly PosixSignal[] _heard;
    private readonly bool _answersAgain;

    /// <summary>Listens until disposed.</summary>
    /// <param name="answersAgain">False: asked again, the process ends as if nobody listened. True: <see cref="Again"/> is cancelled.</param>
    public ShutdownSignal(bool answersAgain = false)
        : this([PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, (PosixSignal)PassedOn], answersAgain)
    {
    }

    private ShutdownSignal(PosixSignal[] heard, bool answersAgain)
    {
        (_heard, _answersAgain) = (heard, answersAgain);
        PosixSignal[] all = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, (PosixSignal)PassedOn];
        _registrations = [.. all.Select(s => PosixSignalRegistration.Create(s, context => Hear(s, context)))];
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled when a person asks again, where that does not end the process.</summary>
    public CancellationToken Again => _again.Token;

    /// <summary>A process that outlives every signal but SIGKILL, because it ends with another.</summary>
    public static ShutdownSignal Ignored() => new([], answersAgain: false);

    /// <summary>A child of <c>robotics run</c> that ends after the others: what a terminal or a service's end sends to all of them is not meant for it yet.</summary>
    public static ShutdownSignal OfRun() => new([(PosixSignal)PassedOn], answersAgain: false);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
        _again.Dispose();
    }

    private void Hear(PosixSignal signal, PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_heard.Contains(signal))
            return;
        switch (_wish.Hear(signal, MonotonicClock.Instance.NowNs))
        {
            case ShutdownUrgency.InOrder:
                _source.Cancel();
                break;
            case ShutdownUrgency.AtOnce when _answersAgain:
                _again.Cancel();
                break;
            case ShutdownUrgency.AtOnce:
                context.Cancel = false;
                break;
        }
    }
}
