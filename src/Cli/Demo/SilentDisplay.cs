namespace Robotics.Cli.Demo;

/// <summary>Nothing on standard output (it belongs to the JSON line); acts go to standard error.</summary>
internal sealed class SilentDisplay(TextWriter errors) : IDemoDisplay
{
    public void Say(string line) => errors.WriteLine(line);

    public void Show(EdgeProgress edge, LearnerProgress learner, long totalSteps) { }
}
