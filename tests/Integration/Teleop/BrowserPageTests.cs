using Robotics.Cli.Demo;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.Teleop;

/// <summary>The teleoperation page in a real browser against a robot that flies in real time: connects, takes over, moves it, lets go.</summary>
[Collection(LiveRobot.Collection)]
public sealed class BrowserPageTests(LiveRobot robot)
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Page_InHeadlessChromium_ConnectsTakesOverMovesTheRobotAndLetsGo()
    {
        string chromium = HeadlessChromium.Require();
        using RoboticsProcess teleop = robot.StartTeleop("--device", "browser", "--port", "0", "--token", Token, "--operator", "phone");
        string url = "";
        robot.Await(teleop, "a robot under its policy", r => r.GetProperty("Authority").GetString() == "policy", line => url = line.Contains("https://127.0.0.1", StringComparison.Ordinal) ? line.Trim() : url);
        using HeadlessChromium page = await HeadlessChromium.OpenAsync(chromium, robot.PathOf("profile"), url, width: 900, height: 520);
        await page.AwaitAsync("connection", "document.getElementById('lease').dataset.state === 'released'");
        Assert.Equal("policy", (await page.EvaluateAsync("document.getElementById('authority').textContent"))!.GetValue<string>());
        Assert.True((await page.EvaluateAsync("isSecureContext && !!navigator.getGamepads"))!.GetValue<bool>(), "the page gets no gamepads: not a secure context");

        await RefuseStrangersAsync(page);

        // By keyboard: Shift holds the switch, the arrow flies forward.
        await page.KeyAsync(down: true, "ShiftLeft", "Shift");
        await page.KeyAsync(down: true, "ArrowUp", "ArrowUp");
        await page.AwaitAsync("command by keyboard", "document.getElementById('lease').dataset.state === 'held' && document.getElementById('authority').textContent === 'person'");
        List<TransitionRecord> flown = robot.AwaitRecords("a second under the person", r => r.Count(t => t.Source == ActionSource.Human) >= 100);
        await page.ScreenshotAsync(Path.Combine(SharedData.RepositoryRoot, "artifacts", "teleop-page.png"));
        Assert.Contains(flown.Where(t => t.Source == ActionSource.Human).Skip(50), t => LiveRobot.Speed(t) is > 0.6f and < 1.5f); // asked for: 1 m/s forward
        await page.KeyAsync(down: false, "ArrowUp", "ArrowUp");
        await page.KeyAsync(down: false, "ShiftLeft", "Shift");
        await page.AwaitAsync("hand-back", "document.getElementById('lease').dataset.state === 'released' && document.getElementById('authority').textContent === 'policy'");

        // By touch: one finger on the button, as on a phone; it is lifted.
        (double x, double y) = await page.CentreAsync("hold");
        await page.TouchAsync("touchStart", (x, y));
        await page.AwaitAsync("command by touch", "document.getElementById('lease').dataset.state === 'held'");
        await page.TouchAsync("touchEnd");
        await page.AwaitAsync("second hand-back", "document.getElementById('lease').dataset.state === 'released'");

        // The page goes away while it holds the switch: the robot hears nothing and the policy is back.
        await page.KeyAsync(down: true, "ShiftLeft", "Shift");
        robot.Await(teleop, "third take-over", r => r.GetProperty("Lease").GetString() == "held");
        page.Dispose();
        robot.Await(teleop, "hand-back of a page that has gone", r => r.GetProperty("Lease").GetString() == "released" && r.GetProperty("Authority").GetString() == "policy");
        Assert.True(robot.AwaitRecords("three interventions", r => r.Count(t => t.Flags.HasFlag(TransitionFlags.HandBack)) >= 3).Count(t => t.Flags.HasFlag(TransitionFlags.InterventionOnset)) >= 3);
    }

    private static async Task RefuseStrangersAsync(HeadlessChromium page)
    {
        Assert.Equal(200, await StatusAsync(page, "location.href"));
        Assert.Equal(403, await StatusAsync(page, "'/?token=wrong'"));
        Assert.Equal(403, await StatusAsync(page, "'/'"));
    }

    private static async Task<int> StatusAsync(HeadlessChromium page, string address) =>
        (await page.EvaluateAsync($"fetch({address}).then(r => r.status)"))!.GetValue<int>();
}
