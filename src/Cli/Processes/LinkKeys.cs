using System.Globalization;
using Robotics.Transport;

namespace Robotics.Cli.Processes;

/// <summary>CURVE keys of a run in a folder: the learner's pair, one pair per robot, the learner's allow-list. Files are 0600.</summary>
/// <remarks>learner.key and robot-ID.key hold a secret key; learner.pub and robot-ID.pub the public one (Z85, 40 characters).</remarks>
internal sealed class LinkKeys
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder;

    private LinkKeys(string folder) => _folder = folder;

    /// <summary>The keys in <paramref name="folder"/>; null where there is none, which only loopback allows.</summary>
    public static LinkKeys? In(string? folder) => folder is not null && File.Exists(Path.Combine(folder, "learner.pub")) ? new LinkKeys(folder) : null;

    /// <summary>Makes what is missing: the learner's pair and that of <paramref name="robot"/>.</summary>
    public static LinkKeys Create(string folder, ulong robot)
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var keys = new LinkKeys(folder);
        keys.Make("learner");
        keys.Make(RobotName(robot));
        return keys;
    }

    public CurveKeyPair Learner => Pair("learner");

    public string LearnerPublic => File.ReadAllText(PathOf("learner", ".pub")).Trim();

    public CurveKeyPair Robot(ulong robot) => Pair(RobotName(robot));

    /// <summary>Public key to robot identity, for every robot whose public key is in the folder.</summary>
    public IReadOnlyDictionary<string, string> Allowed()
    {
        var allowed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(_folder, "robot-*.pub"))
            allowed[File.ReadAllText(file).Trim()] = Path.GetFileNameWithoutExtension(file)["robot-".Length..];
        return allowed;
    }

    private void Make(string name)
    {
        if (File.Exists(PathOf(name, ".key")))
            return;
        CurveKeyPair pair = CurveKeyPair.Generate();
        using (var stream = new FileStream(PathOf(name, ".key"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(stream))
            writer.WriteLine(pair.SecretKey);
        File.WriteAllText(PathOf(name, ".pub"), pair.PublicKey + "\n");
    }

    private CurveKeyPair Pair(string name)
    {
        string path = PathOf(name, ".key");
        if (!File.Exists(path))
            throw new FailureException($"no key {path}; make it with: robotics config keys --folder {_folder}");
        return CurveKeyPair.TryFromSecret(File.ReadAllText(path).Trim(), out CurveKeyPair? pair)
            ? pair!
            : throw new FailureException($"{path} holds no CURVE key (40 characters Z85)");
    }

    private string PathOf(string name, string extension) => Path.Combine(_folder, name + extension);

    private static string RobotName(ulong robot) => "robot-" + robot.ToString("x16", CultureInfo.InvariantCulture);
}
