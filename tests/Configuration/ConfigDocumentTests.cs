namespace Robotics.Configuration.Tests;

public sealed class ConfigDocumentTests
{
    private const string Text = """
        robot: demo
        safety:
          max_tilt_deg: 40
          max_speed_m_s: 99
          colour: red
        rotors:
          - radius_m: 0.1
          - radius_m: x
        """;

    [Fact]
    public void ThrowIfBad_ManyProblems_ListsAllWithTheirLines()
    {
        var document = ConfigDocument.Parse(Text, "robot.yaml");
        ConfigMap safety = document.Root.Map("safety");
        document.Root.String("robot");
        safety.Number("max_tilt_rad", 0, 3, fallback: 1);
        safety.Number("max_speed_m_s", 0, 20);
        safety.Number("cage_m", 0, 20);
        foreach (ConfigMap rotor in document.Root.Maps("rotors"))
            rotor.Number("radius_m", 0, 1);

        var e = Assert.Throws<ConfigurationException>(document.ThrowIfBad);

        Assert.Equal(5, e.Problems.Count);
        Assert.Contains("robot.yaml:3: safety.max_tilt_deg: wrong unit, write max_tilt_rad", e.Message, StringComparison.Ordinal);
        Assert.Contains("robot.yaml:4: safety.max_speed_m_s: '99' is not a value in [0, 20]", e.Message, StringComparison.Ordinal);
        Assert.Contains("robot.yaml:5: safety.colour: unknown key", e.Message, StringComparison.Ordinal);
        Assert.Contains("safety.cage_m: missing", e.Message, StringComparison.Ordinal);
        Assert.Contains("robot.yaml:8: rotors[1].radius_m: 'x' is not a number", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("safety.max_speed_m_s=5", true)]
    [InlineData("safety.max_speed_m_s=15", false)]
    public void Override_SafetyLimit_MayOnlyTighten(string assignment, bool accepted)
    {
        var document = ConfigDocument.Parse("safety:\n  max_speed_m_s: 10\n");
        document.Override(assignment);
        document.Root.Map("safety").Number("max_speed_m_s", 0, 20, tighten: Tighten.OnlyLower);
        if (accepted)
            document.ThrowIfBad();
        else
            Assert.Contains("loosens the safety limit", Assert.Throws<ConfigurationException>(document.ThrowIfBad).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_MissingSection_IsOneProblem()
    {
        var document = ConfigDocument.Parse("robot: x\n");
        document.Root.String("robot");
        ConfigMap missing = document.Root.Map("safety");
        missing.Number("a");
        missing.Map("b").Number("c");
        Assert.Single(Assert.Throws<ConfigurationException>(document.ThrowIfBad).Problems);
    }

    [Fact]
    public void Parse_NotYaml_SaysWhere() =>
        Assert.Contains("not valid YAML", Assert.Throws<ConfigurationException>(ConfigDocument.Parse("a: [1, 2").ThrowIfBad).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_MissingFile_NamesIt() =>
        Assert.Contains("nowhere.yaml: no such file", Assert.Throws<ConfigurationException>(() => ConfigDocument.Load("nowhere.yaml")).Message, StringComparison.Ordinal);
}
