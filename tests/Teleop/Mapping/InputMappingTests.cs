using Robotics.Configuration;
using Robotics.Teleop.Tests.Devices;
using Robotics.Tests.Shared;
using static Robotics.Teleop.Tests.Devices.EvdevRecording;

namespace Robotics.Teleop.Tests.Mapping;

public sealed class InputMappingTests
{
    private const long Ms = 1_000_000;
    private static readonly string[] s_motions = ["forward", "left", "up", "turn"];

    private static InputMapping Load(string yaml, InputDevice device, out IReadOnlyList<ConfigProblem> problems)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, yaml);
            ConfigDocument document = ConfigDocument.Load(path);
            InputMapping mapping = InputMapping.Read(document, device, s_motions);
            document.Finish();
            problems = document.Problems;
            return mapping;
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Apply_DeadzoneExpoScale_ShapeTheStickWithoutAJump()
    {
        var stream = new RecordedStream();
        using var pad = new EvdevGamepad(stream, range: 1000);
        InputMapping mapping = Load("{mapping: m, device: gamepad, dead_man: BTN_TR, motions: [{motion: forward, axis: ABS_Y, deadzone: 0.1, expo: 0.5, scale: -1}]}", pad, out IReadOnlyList<ConfigProblem> problems);
        Assert.Empty(problems);
        float last = 0;
        for (int y = 0; y >= -1000; y -= 10)
        {
            stream.Add(Join(Event(Absolute, 1, y), Event(Key, 0x137, 1), Report()));
            pad.Poll(0);
            mapping.Apply(pad, 0);
            float x = Math.Max(0, (-y / 1000f) - 0.1f) / 0.9f;
            Assert.Equal((0.5f * x) + (0.5f * x * x * x), mapping.Motions[0], 1e-5f);
            Assert.InRange(mapping.Motions[0] - last, 0, 0.04f);
            last = mapping.Motions[0];
        }
        Assert.Equal(1, last, 1e-6f);
    }

    [Fact]
    public void Apply_SwitchLetGo_CountsAtOnceAndMotionIsNone()
    {
        var stream = new RecordedStream(Join(Event(Absolute, 1, -1000), Event(Key, 0x137, 1), Report()));
        using var pad = new EvdevGamepad(stream, range: 1000);
        InputMapping mapping = Load("{mapping: m, device: gamepad, dead_man: BTN_TR, motions: [{motion: forward, axis: ABS_Y}]}", pad, out _);
        pad.Poll(0);
        mapping.Apply(pad, 0);
        Assert.True(mapping.IsHeld);
        Assert.Equal(-1, mapping.Motions[0]);
        stream.Add(Join(Event(Key, 0x137, 0), Report()));
        pad.Poll(1);
        mapping.Apply(pad, 1);
        Assert.False(mapping.IsHeld);
        Assert.Equal(0, mapping.Motions[0]);
    }

    // Where motion itself is the switch: a spike shorter than the entry does not count, a pass through the centre does not hand back.
    [Fact]
    public void Apply_MotionAsSwitch_DebouncesEntryAndExit()
    {
        var stream = new RecordedStream();
        using var pad = new EvdevGamepad(stream, range: 1000);
        InputMapping mapping = Load("{mapping: m, device: gamepad, engage_threshold: 0.05, entry_ms: 30, exit_ms: 150, motions: [{motion: forward, axis: ABS_Y}]}", pad, out _);
        bool At(long ms, int y)
        {
            stream.Add(Join(Event(Absolute, 1, y), Report()));
            pad.Poll(ms * Ms);
            mapping.Apply(pad, ms * Ms);
            return mapping.IsHeld;
        }
        Assert.False(At(0, 500));
        Assert.False(At(20, 0)); // a spike of 20 ms
        Assert.False(At(40, 500));
        Assert.False(At(60, 500));
        Assert.True(At(70, 500)); // held for 30 ms
        Assert.True(At(200, 0)); // passes through the centre
        Assert.True(At(220, -500));
        Assert.True(At(370, 0));
        Assert.False(At(371, 0)); // 151 ms after the last motion
    }

    [Fact]
    public void Read_UnknownAxisMotionButtonAndKey_ListsAllWithTheirLines()
    {
        using var pad = new EvdevGamepad(new RecordedStream());
        Load("mapping: m\ndevice: gamepad\ndead_man: BTN_NOSE\nmotions:\n  - {motion: sideways, axis: ABS_Q}\nactions:\n  - {button: BTN_SOUTH, action: dance}\nspeed: 3\n", pad, out IReadOnlyList<ConfigProblem> problems);
        string text = string.Join("\n", problems);
        foreach (string wrong in (string[])["BTN_NOSE", "sideways", "ABS_Q", "dance", "speed"])
            Assert.Contains(wrong, text, StringComparison.Ordinal);
        Assert.Equal(5, problems.Count);
    }

    public static TheoryData<string> Files()
    {
        var data = new TheoryData<string>();
        foreach (string folder in Directory.EnumerateDirectories(Path.Combine(SharedData.RepositoryRoot, "hardware"), "teleop", SearchOption.AllDirectories))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.yaml").Where(f => Path.GetFileName(f) != "steering.yaml"))
                data.Add(Path.GetRelativePath(SharedData.RepositoryRoot, file));
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_EveryMappingInHardware_FitsItsRobotsSteeringAndHasAWayToStop(string file)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, file);
        ConfigDocument steeringFile = ConfigDocument.Load(Path.Combine(Path.GetDirectoryName(path)!, "steering.yaml"));
        SteeringSettings steering = SteeringSettings.Read(steeringFile);
        steeringFile.ThrowIfBad();
        ConfigDocument document = ConfigDocument.Load(path);
        using InputDevice device = DeviceKinds.Blank(document.Root.String("device"));
        InputMapping.Read(document, device, steering.Motions);
        document.ThrowIfBad();
        Assert.Contains("emergency_stop", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
