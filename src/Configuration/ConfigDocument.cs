using System.Security.Cryptography;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Robotics.Configuration;

/// <summary>A YAML file that is read strictly: every key must be asked for, every problem is collected with its line.</summary>
/// <remarks>
/// Use: <c>var document = ConfigDocument.Load(path); var robot = RobotDescription.Read(document.Root); document.ThrowIfBad();</c>
/// Readers return a harmless value where something is wrong, so that one pass finds all problems. Not thread-safe.
/// </remarks>
public sealed class ConfigDocument
{
    private const int MaxBytes = 1 << 20; // a hand-written file; 1 MiB keeps a hostile one from exhausting memory
    private readonly List<ConfigProblem> _problems = [];
    private readonly List<ConfigMap> _maps = [];
    private bool _finished;

    private ConfigDocument(string file, string text, byte[] bytes)
    {
        File = file;
        ContentHash = SHA256.HashData(bytes);
        Root = new ConfigMap(this, ParseRoot(text), "");
    }

    /// <summary>The file as the user named it.</summary>
    public string File { get; }

    /// <summary>Folder of the file, against which relative paths inside it are resolved.</summary>
    public string Folder => Path.GetDirectoryName(Path.GetFullPath(File)) ?? ".";

    /// <summary>SHA-256, 32 bytes, of the very bytes that were parsed, as sha256sum gives it for the file: goes with every spool segment and bundle.</summary>
    public ReadOnlyMemory<byte> ContentHash { get; }

    /// <summary>The top mapping; empty where the file could not be parsed (the problem is listed).</summary>
    public ConfigMap Root { get; }

    /// <summary>Everything wrong so far.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>Loads <paramref name="path"/>.</summary>
    /// <exception cref="ConfigurationException">The file is missing, unreadable or larger than 1 MiB.</exception>
    public static ConfigDocument Load(string path)
    {
        if (!System.IO.File.Exists(path))
            throw new ConfigurationException(path, 0, $"no such file (working directory {Directory.GetCurrentDirectory()})");
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaxBytes)
                throw new ConfigurationException(path, 0, $"{length} bytes; a configuration file has at most {MaxBytes}");
            // One reading: what is hashed is what is parsed, whoever replaces the file meanwhile.
            byte[] bytes = System.IO.File.ReadAllBytes(path);
            using var reader = new StreamReader(new MemoryStream(bytes));
            return new ConfigDocument(path, reader.ReadToEnd(), bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, 0, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Parses <paramref name="text"/>; <paramref name="file"/> names it in messages.</summary>
    public static ConfigDocument Parse(string text, string file = "(text)") => new(file, text, Encoding.UTF8.GetBytes(text));

    /// <summary>Applies <c>a.b=v</c> from the command line. The key must exist in the file or be read later.</summary>
    public void Override(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            AddProblem(0, $"--set {assignment}: expected key=value, for example --set safety.max_tilt_rad=0.8");
            return;
        }
        string[] path = assignment[..equals].Split('.');
        Root.Override(path, assignment[(equals + 1)..], assignment);
    }

    /// <summary>Adds a problem at <paramref name="line"/>.</summary>
    public void AddProblem(int line, string message) => _problems.Add(new ConfigProblem(File, line, message));

    /// <summary>Lists keys that nobody asked for, then throws where anything is wrong.</summary>
    /// <exception cref="ConfigurationException">With all problems.</exception>
    public void ThrowIfBad()
    {
        Finish();
        if (_problems.Count > 0)
            throw new ConfigurationException(_problems);
    }

    /// <summary>Lists keys that nobody asked for, once. For callers that merge the problems of several files.</summary>
    public void Finish()
    {
        if (_finished)
            return;
        _finished = true;
        foreach (ConfigMap map in _maps)
            map.ReportUnknownKeys();
    }

    internal void Register(ConfigMap map) => _maps.Add(map);

    private YamlMappingNode ParseRoot(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode map)
                return map;
            AddProblem(1, "expected one YAML document with keys at the top level");
        }
        catch (YamlException e)
        {
            AddProblem((int)e.Start.Line, $"not valid YAML: {e.InnerException?.Message ?? e.Message}");
        }
        return [];
    }
}
