using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Cli;

/// <summary>SIGTERM, Ctrl-C and hang-up as a cancellation: the verb ends its work in order instead of being cut off. The second time it is cut off.</summary>
internal sealed class ShutdownSignal : IDisposable
{
    // A terminal signals the whole group and `robotics run` its children, so one Ctrl-C may come twice; nobody presses on purpose that fast.
    private const long SameNs = 500_000_000;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenSource _again = new();
    private readonly PosixSignalRegistration[] _registrations;
    private long _firstNs = long.MinValue;

    /// <summary>Listens until disposed.</summary>
    /// <param name="answersAgain">False: the second signal ends the process as if nobody listened. True: it cancels <see cref="Again"/>.</param>
    public ShutdownSignal(bool answersAgain = false)
        : this((self, context) => self.Hear(context, answersAgain))
    {
    }

    private ShutdownSignal(Action<ShutdownSignal, PosixSignalContext> hear)
    {
        void handle(PosixSignalContext context) => hear(this, context);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, handle),
        ];
    }

    /// <summary>Cancelled at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled at the second, where that does not end the process.</summary>
    public CancellationToken Again => _again.Token;

    /// <summary>A process that outlives every signal but SIGKILL, because it ends with another.</summary>
    public static ShutdownSignal Ignored() => new((_, context) => context.Cancel = true);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
        _again.Dispose();
    }

    private void Hear(PosixSignalContext context, bool answersAgain)
    {
        long now = MonotonicClock.Instance.NowNs;
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _firstNs, now, long.MinValue) == long.MinValue)
            _source.Cancel();
        else if (now - Volatile.Read(ref _firstNs) < SameNs)
            return;
        else if (answersAgain)
            _again.Cancel();
        else
            context.Cancel = false;
    }
}
