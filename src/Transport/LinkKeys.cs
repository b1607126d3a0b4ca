namespace Robotics.Transport;

/// <summary>The key folder of a link: the library behind `robotics config keys`.</summary>
/// <remarks>
/// <c>learner.key</c> and <c>ROBOT.key</c> hold a public and a secret key, one a line, readable by their owner only; <c>learner.pub</c> is what edges need;
/// <c>allowed</c> is the learner's allow-list: one line <c>PUBLIC-KEY ROBOT</c> each, robot as 16 hexadecimal digits or <c>*</c>. Lines that begin with # are comments.
/// </remarks>
public static class LinkKeys
{
    private const string LearnerKey = "learner.key", LearnerPublic = "learner.pub", Allowed = "allowed";
    private const int MaxFileBytes = 1 << 20;

    /// <summary>Makes what is missing: the learner's pair, a pair for <paramref name="robot"/>, its line in the allow-list. Existing keys are never replaced.</summary>
    /// <returns>The files that were made or changed.</returns>
    /// <exception cref="ZmqException">The folder cannot be written, or libzmq is missing.</exception>
    public static IReadOnlyList<string> Create(string folder, ulong robot)
    {
        var changed = new List<string>();
        try
        {
            Directory.CreateDirectory(folder);
            if (OperatingSystem.IsLinux())
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            CurveKeyPair learner = GetOrCreate(Path.Combine(folder, LearnerKey), changed);
            string publicPath = Path.Combine(folder, LearnerPublic);
            if (!File.Exists(publicPath))
            {
                File.WriteAllText(publicPath, learner.PublicKey + "\n");
                changed.Add(publicPath);
            }
            CurveKeyPair edge = GetOrCreate(Path.Combine(folder, $"{robot:x16}.key"), changed);
            string allowed = Path.Combine(folder, Allowed);
            if (!File.Exists(allowed) || !ReadAllowed(allowed).ContainsKey(edge.PublicKey))
            {
                File.AppendAllText(allowed, $"{edge.PublicKey} {robot:x16}\n");
                changed.Add(allowed);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ZmqException($"cannot write keys to {folder}: {e.Message}", e);
        }
        return changed;
    }

    /// <summary>What a learner needs: its pair and the allow-list.</summary>
    /// <exception cref="ZmqException">A file is missing or not what it should be.</exception>
    public static (CurveKeyPair Keys, IReadOnlyDictionary<string, string> Allowed) LoadLearner(string folder) =>
        (Read(Path.Combine(folder, LearnerKey)), ReadAllowed(Path.Combine(folder, Allowed)));

    /// <summary>What an edge needs: its pair and the learner's public key.</summary>
    /// <exception cref="ZmqException">A file is missing or not what it should be.</exception>
    public static (CurveKeyPair Keys, string LearnerKey) LoadEdge(string folder, ulong robot)
    {
        string path = Path.Combine(folder, LearnerPublic);
        string learner = ReadText(path).Trim();
        if (!CurveKeyPair.IsKey(learner))
            throw new ZmqException($"{path} holds no public key ({CurveKeyPair.KeyLength} Z85 characters): copy it from the learner");
        return (Read(Path.Combine(folder, $"{robot:x16}.key")), learner);
    }

    private static CurveKeyPair GetOrCreate(string path, List<string> changed)
    {
        if (File.Exists(path))
            return Read(path);
        CurveKeyPair pair = CurveKeyPair.Generate();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsLinux())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // from the first byte on, not after it
        using (var writer = new StreamWriter(path, options))
            writer.Write($"{pair.PublicKey}\n{pair.SecretKey}\n");
        changed.Add(path);
        return pair;
    }

    private static CurveKeyPair Read(string path)
    {
        string[] lines = ReadText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length != 2 || !CurveKeyPair.TryFromSecret(lines[1], out CurveKeyPair? pair) || pair!.PublicKey != lines[0])
            throw new ZmqException($"{path} does not hold a public key and its secret key, one a line: delete it and run `robotics config keys`");
        return pair;
    }

    private static Dictionary<string, string> ReadAllowed(string path)
    {
        var allowed = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] lines = ReadText(path).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 2 || !CurveKeyPair.IsKey(parts[0]) || !IsRobot(parts[1]))
                throw new ZmqException($"{path}:{i + 1}: '{line}' is not PUBLIC-KEY ROBOT (16 hexadecimal digits, or *)");
            allowed[parts[0]] = parts[1];
        }
        return allowed;
    }

    private static bool IsRobot(string text) => text == "*" || (text.Length == 16 && text.All(c => char.IsAsciiHexDigitLower(c) || char.IsAsciiDigit(c)));

    private static string ReadText(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
                throw new ZmqException($"{path} is longer than {MaxFileBytes} bytes: not a key file");
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ZmqException($"cannot read {path}: {e.Message}; run `robotics config keys`", e);
        }
    }
}
