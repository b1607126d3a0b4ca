using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Composition;
using Robotics.Transport;

namespace Robotics.Integration.Tests.Teleop;

/// <summary>Real processes: a simulated robot flying in real time, and a person who takes over, moves it and lets go.</summary>
[Collection(LiveRobot.Collection)]
public sealed class TeleopProcessTests(LiveRobot robot)
{
    private const ushort Key = 1, Absolute = 3, ButtonTr = 0x137, AbsRy = 4;

    [Fact]
    public void Teleop_GamepadFromRecordedBytes_TakesOverMovesAndLetsGo()
    {
        string fifo = robot.PathOf("pad");
        MakeFifo(fifo);
        using RoboticsProcess teleop = robot.StartTeleop("--device", "gamepad", "--path", fifo, "--operator", "tester");
        using var pad = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        robot.Await(teleop, "a robot under its policy", r => Text(r, "Authority") == "policy" && Text(r, "Lease") == "released");

        Write(pad, Event(Key, ButtonTr, 1), Event(Absolute, AbsRy, -32767), Event(0, 0, 0));
        robot.Await(teleop, "a person in command", r => Text(r, "Authority") == "person" && Text(r, "Lease") == "held");
        List<TransitionRecord> flown = robot.AwaitRecords("a second under the person", r => r.Count(IsHuman) >= 100);

        Write(pad, Event(Key, ButtonTr, 0), Event(0, 0, 0));
        JsonElement after = robot.Await(teleop, "the policy back in command", r => Text(r, "Authority") == "policy" && Text(r, "Lease") == "released");
        Assert.True(after.GetProperty("Accepted").GetInt64() > 10);
        List<TransitionRecord> all = robot.AwaitRecords("the hand-back", r => r.Exists(t => t.Flags.HasFlag(TransitionFlags.HandBack)));
        CheckRecords(all, flown);
        teleop.Terminate();
        Assert.True(teleop.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, teleop.ExitCode);
    }

    // Mallory knows the robot's public key and has a pair of her own, which is on no list.
    [Fact]
    public void Teleop_KeyNotOnTheList_IsRefusedBothSidesSayWhyAndThePolicyFliesOn()
    {
        string folder = robot.PathOf("mallory");
        string keys = LiveRobot.TeleopKeys(folder);
        LinkKeys.Create(keys, Identity64.Of("operator", "mallory"));
        File.Copy(Path.Combine(LiveRobot.TeleopKeys(robot.Folder), "learner.pub"), Path.Combine(keys, "learner.pub"), overwrite: true);
        string fifo = robot.PathOf("mallory-pad");
        MakeFifo(fifo);
        using RoboticsProcess teleop = robot.StartTeleopFrom(folder, "--device", "gamepad", "--path", fifo, "--operator", "mallory");
        using var pad = new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        Write(pad, Event(Key, ButtonTr, 1), Event(Absolute, AbsRy, -32767), Event(0, 0, 0));
        JsonElement told = robot.Await(teleop, "the refusal", r => Text(r, "Text").Contains("not on its allow-list", StringComparison.Ordinal));
        Assert.Equal(("lost", "unknown", 0), (Text(told, "Lease"), Text(told, "Authority"), told.GetProperty("Sent").GetInt64()));
        robot.AwaitErrors("the agent's word", "refused an operator's key that is not on the allow-list (1 refused so far)");
    }

    private static void CheckRecords(List<TransitionRecord> all, List<TransitionRecord> flown)
    {
        TransitionRecord[] human = [.. flown.Where(IsHuman)];
        Assert.All(human, t => Assert.True(t.Flags.HasFlag(TransitionFlags.HasHuman) && t.Flags.HasFlag(TransitionFlags.HasProposed)));
        Assert.Contains(human, t => t.Flags.HasFlag(TransitionFlags.InterventionOnset));
        Assert.All(human, t => Assert.Equal(0.334f, t.Proposed[0], 0.001f)); // the policy's word stays beside the person's
        Assert.Contains(human, t => Math.Abs(t.Human[0] - t.Proposed[0]) > 0.05);
        Assert.All(human.Where(t => t.ClampMask == 0), t => Assert.Equal(t.Human[0], t.Executed[0], 1e-3f));
        Assert.Contains(human.Skip(50), t => LiveRobot.Speed(t) is > 0.6f and < 1.5f); // asked for: 1 m/s forward
        // Marks are exact: onset and hand-back wherever the source of neighbouring steps of an episode changes to and from a person, and nowhere else.
        for (int i = 1; i < all.Count; i++)
        {
            if (all[i].Identity.Boot != all[i - 1].Identity.Boot || all[i].Identity.Sequence != all[i - 1].Identity.Sequence + 1)
                continue;
            bool was = all[i].Step > 0 && IsHuman(all[i - 1]);
            Assert.Equal(IsHuman(all[i]) && !was, all[i].Flags.HasFlag(TransitionFlags.InterventionOnset));
            Assert.Equal(!IsHuman(all[i]) && was, all[i].Flags.HasFlag(TransitionFlags.HandBack));
        }
    }

    private static bool IsHuman(TransitionRecord record) => record.Source == ActionSource.Human;

    private static string Text(JsonElement report, string name) => report.GetProperty(name).GetString() ?? "";

    private static void MakeFifo(string path)
    {
        using var mkfifo = Process.Start("mkfifo", path);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }

    private static void Write(FileStream pad, params byte[][] events)
    {
        pad.Write(events.SelectMany(e => e).ToArray());
        pad.Flush();
    }

    private static byte[] Event(ushort type, ushort code, int value)
    {
        var bytes = new byte[24]; // struct input_event of 64-bit Linux
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), type);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), code);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), value);
        return bytes;
    }
}
