using System.Collections.Concurrent;
using System.Diagnostics;

namespace Robotics.Cli.Demo;

/// <summary>Another <c>robotics</c> process, started with the same build, whose output lines are read as they come.</summary>
internal sealed class RoboticsProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly AutoResetEvent _changed;
    private int _errorsRead;

    /// <summary>Starts <c>robotics</c> with <paramref name="arguments"/>.</summary>
    /// <param name="changed">Set at each line and at exit, so that one thread can wait for several processes.</param>
    public RoboticsProcess(AutoResetEvent changed, IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        _changed = changed;
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "robotics.dll"));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[key] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Enqueue(_lines, e.Data);
        _process.ErrorDataReceived += (_, e) => Enqueue(_errors, e.Data);
        _process.Exited += (_, _) => _changed.Set();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What the process said on standard error so far, for the diagnosis when it fails.</summary>
    public string Errors => string.Join(Environment.NewLine, _errors);

    public bool TryReadLine(out string line)
    {
        bool has = _lines.TryDequeue(out string? next);
        line = next ?? "";
        return has;
    }

    /// <summary>The next line on standard error that was not read by this method before.</summary>
    public bool TryReadError(out string line)
    {
        line = _errors.ElementAtOrDefault(_errorsRead) ?? "";
        if (_errorsRead >= _errors.Count)
            return false;
        _errorsRead++;
        return true;
    }

    /// <summary>Writes a line to the process's standard input.</summary>
    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>SIGKILL: no handler runs, as in a crash or a power cut of the process.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGSTOP: it hangs, and keeps everything it has open.</summary>
    public void Stop() => _ = NativeSignals.Kill(_process.Id, NativeSignals.Stop);

    /// <summary>SIGTERM: the process ends its work in order.</summary>
    public void Terminate()
    {
        if (!_process.HasExited)
            _ = NativeSignals.Kill(_process.Id, NativeSignals.Terminate);
    }

    /// <summary>Passes on to a child of <c>robotics run</c> that it is to end its work in order; never a second wish.</summary>
    public void PassOnEnd()
    {
        if (!_process.HasExited)
            _ = NativeSignals.Kill(_process.Id, ShutdownSignal.PassedOn);
    }

    /// <summary>Waits until the process has ended and all its output is read.</summary>
    public bool WaitForExit(TimeSpan deadline)
    {
        if (!_process.WaitForExit(deadline))
            return false;
        _process.WaitForExit(); // the overload without a deadline also drains the redirected streams
        return true;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Enqueue(ConcurrentQueue<string> queue, string? line)
    {
        if (line is null)
            return;
        queue.Enqueue(line);
        _changed.Set();
    }
}
