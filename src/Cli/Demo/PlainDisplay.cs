namespace Robotics.Cli.Demo;

/// <summary>Plain lines for pipes and logs: one for every tenth of the run.</summary>
internal sealed class PlainDisplay(TextWriter output) : IDemoDisplay
{
    private long _shownTenths = -1;

    public void Say(string line) => output.WriteLine(line);

    public void Show(EdgeProgress edge, LearnerProgress learner, long totalSteps)
    {
        long tenths = edge.Steps * 10 / Math.Max(1, totalSteps);
        if (tenths == _shownTenths)
            return;
        _shownTenths = tenths;
        output.WriteLine(
            $"  {edge.Steps,7} steps  return {edge.MeanReturn,7:F1}  episode length {edge.MeanLength,5:F0}  policy {edge.Policy} ({edge.PoliciesInstalled} installed)"
                + $"  safety {edge.SafetyInterventions}  spool {edge.Spooled} acked {edge.Acknowledged}  link {edge.Link}  replay {learner.InReplay} ({learner.BrokenOff} broken off)");
    }
}
