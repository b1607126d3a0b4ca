namespace Robotics.Transport.Tests;

public sealed class LinkKeysTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("robotics-").FullName, "keys");

    public LinkKeysTests() => Assert.SkipUnless(ZmqContext.IsAvailable(out string problem), problem);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void Create_Twice_KeepsTheKeysAndAllowsEachRobotOnce()
    {
        Assert.Equal(4, LinkKeys.Create(_folder, 7).Count);
        Assert.Empty(LinkKeys.Create(_folder, 7));
        LinkKeys.Create(_folder, 8);
        (CurveKeyPair learner, IReadOnlyDictionary<string, string> allowed) = LinkKeys.LoadLearner(_folder);
        (CurveKeyPair edge, string learnerKey) = LinkKeys.LoadEdge(_folder, 7);
        Assert.Equal(learner.PublicKey, learnerKey);
        Assert.Equal("0000000000000007", allowed[edge.PublicKey]);
        Assert.Equal(2, allowed.Count);
    }

    [Fact]
    public void Create_SecretKeys_AreReadableByTheirOwnerOnly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "file modes are Unix");
        LinkKeys.Create(_folder, 7);
        foreach (string path in Directory.GetFiles(_folder, "*.key"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void LoadLearner_BadLine_NamesFileAndLine()
    {
        LinkKeys.Create(_folder, 7);
        File.AppendAllText(Path.Combine(_folder, "allowed"), "nonsense 7\n");
        Assert.Contains("allowed:2", Assert.Throws<ZmqException>(() => LinkKeys.LoadLearner(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadEdge_NothingThere_SaysWhatToDo() =>
        Assert.Contains("robotics config keys", Assert.Throws<ZmqException>(() => LinkKeys.LoadEdge(_folder, 7)).Message, StringComparison.Ordinal);
}
