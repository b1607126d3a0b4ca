using System.Diagnostics;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;

namespace Robotics.Integration.Tests.WallClock;

/// <summary><c>robotics run</c> of an arm whose servos have no watchdog: control, agent, limping process and the emulated bus are processes of their own (R16).</summary>
[Collection(WallClockCollection.Name)]
public sealed class LimpProcessTests : IDisposable
{
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(30);
    private readonly ArmUnderRun _arm = new();
    private RoboticsProcess? _run;

    public void Dispose()
    {
        _run?.Terminate();
        _run?.WaitForExit(s_end); // so that its children end with it
        _run?.Dispose();
        _arm.Dispose();
    }

    [Fact]
    public void Run_ToldToEnd_ControlEndsInOrderAndTheArmIsLetGoAfterIt()
    {
        Start();
        PowerUp();
        _run!.Terminate();
        Await(() => _arm.IsLimp, "the limp");
        Assert.True(_run.WaitForExit(s_end));
        Assert.True(_run.ExitCode == 0, $"exit code {_run.ExitCode}: {_run.Errors}"); // not killed as one that hangs
        Assert.Contains("the arm was let go", _run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ControlKilled_TheArmIsLetGo()
    {
        int control = Start();
        PowerUp();
        Assert.Equal(0, NativeSignals.Kill(control, NativeSignals.KillNow));
        Await(() => _arm.IsLimp, "the limp");
        Assert.True(_run!.WaitForExit(s_end));
        Assert.NotEqual(0, _run.ExitCode);
        Assert.Contains("the arm was let go", _run.Errors, StringComparison.Ordinal);
    }

    // Without it nothing can be armed, and an armed arm would be held for ever by a dead control process.
    [Fact]
    public void Run_LimpingProcessKilled_AnotherStandsBy()
    {
        int control = Start();
        Await(() => _arm.LimpId != 0, "the limping process");
        int first = _arm.LimpId;
        Assert.Equal(0, NativeSignals.Kill(first, NativeSignals.KillNow));
        Await(() => _arm.LimpId != first, "another limping process");
        PowerUp();
        Assert.Contains("the limping process ended with exit code", _run!.Errors, StringComparison.Ordinal);
        Assert.Equal(0, NativeSignals.Kill(control, NativeSignals.KillNow));
        Await(() => _arm.IsLimp, "the limp");
    }

    // A loaded machine may hold control up while everything starts: nothing is powered, so nobody judges.
    [Fact]
    public void Run_ControlStandsStillAtTheStart_IsArmedAllTheSame()
    {
        int control = Start();
        StandStill(control);
        Await(() => _arm.LimpId != 0, "the limping process");
        StandStill(control);
        PowerUp();
    }

    // A full disk under the log, a closed terminal: every line that run prints fails, and the arm is brought to rest and let go all the same.
    [Fact]
    public void Run_NobodyTakesWhatItPrints_EndsInOrderWhenToldTo()
    {
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        string robotics = Path.Combine(AppContext.BaseDirectory, "robotics.dll");
        foreach (string argument in (string[])["-c", "exec \"$@\" >/dev/full 2>/dev/full", "sh", "dotnet", robotics, "run", _arm.RunFile, "--offline", "--folder", _arm.Out])
            start.ArgumentList.Add(argument);
        using var run = Process.Start(start)!;
        try
        {
            _arm.PowerUp(() => run.HasExited ? $"robotics run ended with exit code {run.ExitCode}" : "robotics run lives");
            Assert.Equal(0, NativeSignals.Kill(run.Id, NativeSignals.Terminate));
            _arm.Await(() => _arm.IsLimp, "the limp", () => "");
            Assert.True(run.WaitForExit(s_end));
            Assert.Equal(0, run.ExitCode);
            string log = File.ReadAllText(Path.Combine(_arm.Out, "safety.jsonl")); // a busy machine may have stopped it before
            Assert.True(log.Contains("\"to\":\"controlled_stop\"", StringComparison.Ordinal), log);
        }
        finally
        {
            if (!run.HasExited)
                run.Kill(entireProcessTree: true);
        }
    }

    // What an exception in robotics run does: its children are disposed of. Control ends first, in order, and nobody is killed.
    [Fact]
    public void Children_LeftByAnException_ControlBringsTheArmToRestFirst()
    {
        var said = new List<string>();
        string[] shared = [_arm.RunFile, "--memory", _arm.Name];
        var arguments = new ChildArguments(["control", .. shared, "--folder", _arm.Out], ["agent", .. shared, "--folder", _arm.Out, "--offline"], ["limp", .. shared]);
        using (new RunProcesses(_arm.Changed, arguments, said.Add))
            _arm.PowerUp(() => string.Join(' ', said));
        _arm.Await(() => _arm.IsLimp, "the limp", () => string.Join(' ', said));
        Assert.Contains(said, line => line.Contains("the arm was let go", StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("is killed", StringComparison.Ordinal));
        Assert.Contains("\"to\":\"controlled_stop\"", File.ReadAllText(Path.Combine(_arm.Out, "safety.jsonl")), StringComparison.Ordinal);
    }

    private int Start()
    {
        _run = new RoboticsProcess(_arm.Changed, null, "run", _arm.RunFile, "--offline", "--folder", _arm.Out);
        string said = "";
        Await(() => _run.TryReadLine(out said), "robotics run");
        return ArmUnderRun.ControlIdIn(said);
    }

    private void PowerUp() => _arm.PowerUp(() => _run!.Errors);

    private void Await(Func<bool> done, string what) => _arm.Await(done, what, () => _run!.Errors);

    private void StandStill(int process)
    {
        Assert.Equal(0, NativeSignals.Kill(process, NativeSignals.Stop));
        long until = MonotonicClock.Instance.NowNs + 200_000_000;
        Await(() => MonotonicClock.Instance.NowNs >= until, "time");
        Assert.Equal(0, NativeSignals.Kill(process, NativeSignals.Continue));
    }
}
