using Spectre.Console;

namespace Robotics.Cli.Demo;

/// <summary>A table that is redrawn in place on a terminal.</summary>
internal sealed class TerminalDisplay : IDemoDisplay
{
    private readonly IAnsiConsole _console;
    private int _drawnLines;

    public TerminalDisplay(IAnsiConsole console) => _console = console;

    public void Say(string line)
    {
        _drawnLines = 0;
        _console.MarkupLineInterpolated($"[bold]{line}[/]");
    }

    public void Show(EdgeProgress edge, LearnerProgress learner, long totalSteps)
    {
        if (_drawnLines > 0)
            _console.Cursor.MoveUp(_drawnLines);
        double share = Math.Min(1.0, (double)edge.Steps / Math.Max(1, totalSteps));
        int filled = (int)(share * 40);
        string[] lines =
        [
            $"  [green]{new string('━', filled)}[/][grey]{new string('━', 40 - filled)}[/] {share,4:P0}  {edge.Steps:N0} of {totalSteps:N0} steps",
            $"  return {edge.MeanReturn,8:F1}    episode length {edge.MeanLength,5:F0}",
            $"  policy {Markup.Escape(edge.Policy)}    {edge.PoliciesInstalled} installed, {edge.PoliciesRefused} refused",
            $"  safety interventions {edge.SafetyInterventions}    dropped {edge.Dropped}",
            $"  spool {edge.Spooled:N0}, acknowledged {edge.Acknowledged:N0}    link {Markup.Escape(edge.Link)}",
            $"  replay {learner.InReplay:N0}, broken off {learner.BrokenOff:N0}    critic updates {learner.CriticUpdates:N0}    learner epoch {learner.Epoch}",
        ];
        foreach (string line in lines)
            _console.MarkupLine(line + new string(' ', 12));
        _drawnLines = lines.Length;
    }
}
