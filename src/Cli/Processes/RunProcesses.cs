using System.ComponentModel;
using Robotics.Cli.Demo;
using Robotics.Core;

namespace Robotics.Cli.Processes;

/// <summary>The children of <c>robotics run</c>: control, the agent, and where the robot needs it the process that stands by to let it go.</summary>
/// <remarks>
/// <para>However this object is left, by its end, a signal or an exception, control is asked first and waited for while it brings the robot to rest; only then do
/// the others end. Nothing here kills a control process that still flies but <see cref="End"/>'s second wish, and <see cref="LongestEnd"/>.</para>
/// <para>Control is never started again by itself: a robot whose control died is to be looked at by a person. One thread.</para>
/// </remarks>
internal sealed class RunProcesses : IDisposable
{
    /// <summary>A control process that is still there so long after it was told to end flies no landing any more: its stop is bounded by 60 s (ClosingStop).</summary>
    public static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(120);

    private const long StartAgainNs = 1_000_000_000; // between two starts of a child that dies at once
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_limpEnd = TimeSpan.FromSeconds(65); // longest baseline.limp_s, and the opening of the port
    private static readonly TimeSpan s_agentEnd = TimeSpan.FromSeconds(10);

    private readonly AutoResetEvent _changed;
    private readonly string[] _agentArguments;
    private readonly string[] _limpArguments;
    private readonly Action<string> _complain;
    private readonly RoboticsProcess _control;
    private RoboticsProcess? _agent;
    private RoboticsProcess? _limp;
    private long _agentStartNs;
    private long _limpStartNs;
    private bool _ended;

    /// <summary>Starts all of them.</summary>
    /// <param name="changed">Set whenever one of them says something or ends.</param>
    /// <param name="arguments">How they are started.</param>
    /// <param name="complain">Gets what a person has to know of them. Must not throw.</param>
    public RunProcesses(AutoResetEvent changed, ChildArguments arguments, Action<string> complain)
    {
        (_changed, _complain) = (changed, complain);
        _agentArguments = [.. arguments.Agent, "--run", $"{Environment.ProcessId}"];
        _agent = Start("agent", _agentArguments, null, out _agentStartNs);
        try
        {
            _control = new RoboticsProcess(changed, RealTimeRun.ControlEnvironment, arguments.Control);
        }
        catch
        {
            _agent?.Dispose();
            throw;
        }
        _limpArguments = arguments.Limp is null ? [] : [.. arguments.Limp, "--control", $"{_control.Id}"];
        _limp = StartLimp();
    }

    /// <summary>Process id of control.</summary>
    public int ControlId => _control.Id;

    /// <summary>Process id of the agent; 0 where there is none just now.</summary>
    public int AgentId => _agent is { HasExited: false } ? _agent.Id : 0;

    /// <summary>True where control has ended.</summary>
    public bool HasEnded => _control.HasExited;

    /// <summary>Control's exit code; only after <see cref="End"/>.</summary>
    public int ExitCode => _control.HasExited ? _control.ExitCode : Cli.ExitCode.Failed;

    /// <summary>Waits a moment, then starts again what died beside a control process that lives.</summary>
    public void Look()
    {
        _changed.WaitOne(s_look);
        PassOn();
        long now = MonotonicClock.Instance.NowNs;
        if (_control.HasExited)
            return;
        if (_agent is null or { HasExited: true } && now - _agentStartNs > StartAgainNs)
        {
            Mourn("agent", _agent);
            _agent = Start("agent", _agentArguments, null, out _agentStartNs);
        }
        bool limpDied = _limpArguments.Length > 0 && (_limp is null || (_limp.HasExited && _limp.ExitCode != Cli.ExitCode.Ok)); // in order it ends with control only
        if (limpDied && now - _limpStartNs > StartAgainNs)
        {
            Mourn("the limping process", _limp);
            _limp = StartLimp();
        }
    }

    /// <summary>Ends all of them in order. Control brings the robot to rest meanwhile, calling <paramref name="watch"/> between two looks; <paramref name="again"/> kills it.</summary>
    public void End(Action watch, CancellationToken again)
    {
        _control.PassOnEnd();
        long latestNs = MonotonicClock.Instance.NowNs + (long)LongestEnd.TotalNanoseconds;
        while (!_control.HasExited && !again.IsCancellationRequested && MonotonicClock.Instance.NowNs < latestNs)
        {
            _changed.WaitOne(s_look);
            PassOn();
            watch();
        }
        if (!_control.HasExited)
        {
            Complain($"control {_control.Id} is killed; what its device does without commands is left");
            _control.Kill();
        }
        _control.WaitForExit(s_agentEnd);
        _ended = true;
        watch();
        _limp?.WaitForExit(s_limpEnd); // it ends by itself with control, after it let the arm go where that had power
        foreach (string? errors in (string?[])[_limp?.Errors, _control.Errors])
        {
            if (!string.IsNullOrEmpty(errors))
                _complain(errors);
        }
        _agent?.PassOnEnd();
        _agent?.WaitForExit(s_agentEnd);
        PassOn();
    }

    public void Dispose()
    {
        if (!_ended)
            End(() => { }, CancellationToken.None);
        _control.Dispose();
        _limp?.Dispose();
        _agent?.Dispose();
    }

    private RoboticsProcess? StartLimp()
    {
        _limpStartNs = MonotonicClock.Instance.NowNs;
        return _limpArguments.Length == 0 ? null : Start("the limping process", _limpArguments, RealTimeRun.ControlEnvironment, out _limpStartNs);
    }

    // Null where the machine is short of processes or memory just now: control flies on, and it is tried again.
    private RoboticsProcess? Start(string name, string[] arguments, IReadOnlyDictionary<string, string>? environment, out long startNs)
    {
        startNs = MonotonicClock.Instance.NowNs;
        try
        {
            return new RoboticsProcess(_changed, environment, arguments);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            Complain($"{name} cannot be started: {e.Message}");
            return null;
        }
    }

    private void Mourn(string name, RoboticsProcess? dead)
    {
        if (dead is null)
            return;
        dead.WaitForExit(TimeSpan.Zero); // its last words are read
        PassOn();
        Complain($"{name} ended with exit code {dead.ExitCode}, starting it again: {(dead == _limp ? dead.Errors : "")}");
        dead.Dispose();
    }

    // What the agent has to say (nobody can steer, a key was refused, a policy came late) is said while it can still be acted on.
    private void PassOn()
    {
        while (_agent is not null && _agent.TryReadError(out string line))
            _complain(line);
    }

    private void Complain(string what) => _complain($"{WallClock.UtcNow:O} {what}");
}
