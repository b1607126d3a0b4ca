using Robotics.Policies;

namespace Robotics.Cli.Processes;

/// <summary>The signer's keys of a run, in FOLDER/keys: <c>policy.key</c> stays with the learner, <c>policy.pub</c> goes to the robots.</summary>
/// <remarks>Made by <c>robotics config keys</c>. Where the learner has its key every policy is signed; where a robot has the public one, only
/// policies signed by it fly; off loopback a robot without one does not start. A robot that adapts policies itself (<c>on_edge</c>) signs them with a key
/// of its own, <c>on_edge.key</c>, which it alone trusts.</remarks>
internal static class PolicyKeys
{
    private const string Private = "policy.key", Public = "policy.pub", OnEdge = "on_edge.key";

    /// <summary>Makes the pair where it is missing; returns the files made.</summary>
    public static IReadOnlyList<string> Create(string folder)
    {
        string path = Path.Combine(folder, Private), publicPath = Path.Combine(folder, Public);
        var made = new List<string>();
        if (!File.Exists(path))
        {
            using var key = SigningKey.Generate();
            WritePrivate(path, key);
            made.Add(path);
        }
        if (!File.Exists(publicPath))
        {
            using SigningKey key = ReadPrivate(path);
            File.WriteAllText(publicPath, key.Public.ToPem() + "\n");
            made.Add(publicPath);
        }
        return made;
    }

    /// <summary>Writes a private key that only its owner can read; an existing file is never replaced.</summary>
    public static void WritePrivate(string path, SigningKey key)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(key.ToPem());
    }

    /// <summary>The learner's key; null where it has none and needs none.</summary>
    public static SigningKey? Signer(string endpoint, string folder)
    {
        string path = Path.Combine(folder, "keys", Private);
        if (File.Exists(path))
            return ReadPrivate(path);
        if (!Endpoints.IsLoopback(endpoint))
            throw new FailureException($"{endpoint} is not on this machine, so robots take signed policies only, and there is no {path}; make it with: robotics config keys", ExitCode.BadConfiguration);
        return null;
    }

    /// <summary>Signers that a robot trusts; none on loopback where there is no key.</summary>
    /// <param name="endpoint">The learner's.</param>
    /// <param name="folder">Of the run.</param>
    /// <param name="onEdge">The robot signs policies itself, too.</param>
    public static IReadOnlyList<TrustedKey> Trusted(string endpoint, string folder, bool onEdge)
    {
        string path = Path.Combine(folder, "keys", Public);
        using SigningKey? own = onEdge ? OnEdgeSigner(folder) : null;
        if (File.Exists(path))
            return own is null ? [ReadPublic(path)] : [ReadPublic(path), own.Public];
        if (!Endpoints.IsLoopback(endpoint))
            throw new FailureException($"{endpoint} is not on this machine, so policies must be signed, and there is no {path} to check them with; make it with robotics config keys, or copy it from the learner", ExitCode.BadConfiguration);
        return [];
    }

    /// <summary>The robot's own key, for what it adapts while the learner is out of reach; made where it is missing. Null where nothing need be signed.</summary>
    /// <remarks>It is kept, so that a policy that was installed still passes after a restart.</remarks>
    public static SigningKey? OnEdgeSigner(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "keys", Public)))
            return null;
        string path = Path.Combine(folder, "keys", OnEdge);
        if (!File.Exists(path))
        {
            using var key = SigningKey.Generate();
            WritePrivate(path, key);
        }
        return ReadPrivate(path);
    }

    /// <summary>A private key in PEM.</summary>
    public static SigningKey ReadPrivate(string path) =>
        SigningKey.TryReadPem(File.ReadAllText(path), out SigningKey? key)
            ? key!
            : throw new FailureException($"{path} holds no P-256 private key in PEM; make one with: robotics policy keys NAME", ExitCode.BadConfiguration);

    /// <summary>A public key in PEM.</summary>
    public static TrustedKey ReadPublic(string path) =>
        TrustedKey.TryReadPem(File.ReadAllText(path), out TrustedKey? key)
            ? key!
            : throw new FailureException($"{path} holds no P-256 public key in PEM", ExitCode.BadConfiguration);
}
