namespace Robotics.Cli.Demo;

/// <summary>Shows how a demo run goes.</summary>
internal interface IDemoDisplay
{
    /// <summary>A new act, or something a person should read.</summary>
    void Say(string line);

    /// <summary>The newest state of both processes.</summary>
    void Show(EdgeProgress edge, LearnerProgress learner, long totalSteps);
}
