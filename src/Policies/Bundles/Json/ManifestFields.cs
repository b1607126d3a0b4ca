using Robotics.Core;

namespace Robotics.Policies;

/// <summary>The members of a manifest as they are found; together they become a <see cref="PolicyManifest"/>.</summary>
internal sealed class ManifestFields
{
    private static readonly string[] Members =
    [
        "name", "identity", "parent", "created", "schema", "policy_rate_hz", "exploration_std",
        "data_first_step", "data_last_step", "score", "network",
    ];

    private readonly bool[] _seen = new bool[Members.Length];
    private string _name = "";
    private string _created = "";
    private PolicyIdentity _identity;
    private PolicyIdentity _parent;
    private ulong _schema;
    private double _rateHz;
    private double _explorationStd;
    private long _firstStep;
    private long _lastStep;
    private double? _score;
    private NetworkSpec? _network;

    /// <summary>Takes the value of the member <paramref name="key"/>.</summary>
    public bool TryTake(ref JsonScanner json, string key)
    {
        int index = Array.IndexOf(Members, key);
        if (index < 0)
            return json.Fail($"unknown member '{key}'");
        if (_seen[index])
            return json.Fail($"member '{key}' occurs twice");
        _seen[index] = true;
        return index switch
        {
            0 => json.TryString(out _name),
            1 => TryIdentity(ref json, out _identity),
            2 => TryIdentity(ref json, out _parent),
            3 => json.TryString(out _created),
            4 => json.TryHex(out _schema),
            5 => json.TryDouble(out _rateHz),
            6 => json.TryDouble(out _explorationStd),
            7 => json.TryInteger(out _firstStep),
            8 => json.TryInteger(out _lastStep),
            9 => TryScore(ref json),
            _ => NetworkJson.TryRead(ref json, out _network),
        };
    }

    /// <summary>The manifest, or null with the scanner's problem where a member is missing or out of range.</summary>
    public PolicyManifest? ToManifest(ref JsonScanner json)
    {
        int missing = Array.IndexOf(_seen, false);
        if (missing >= 0)
            return Refuse(ref json, $"member '{Members[missing]}' is missing");
        if (_rateHz is <= 0 or > 100_000)
            return Refuse(ref json, $"policy_rate_hz {_rateHz}, allowed over 0 to 100000");
        if (_explorationStd is < 0 or > 1)
            return Refuse(ref json, $"exploration_std {_explorationStd}, allowed 0 to 1");
        if (_firstStep < 0 || _lastStep < _firstStep)
            return Refuse(ref json, $"data range {_firstStep} to {_lastStep}");
        return new PolicyManifest
        {
            Name = _name,
            Identity = _identity with { ContentHash = 0 },
            Parent = _parent,
            Created = _created,
            SchemaHash = _schema,
            PolicyRateHz = _rateHz,
            ExplorationStd = _explorationStd,
            Data = new DataRange(_firstStep, _lastStep),
            Score = _score,
            Network = _network!,
        };
    }

    private static PolicyManifest? Refuse(ref JsonScanner json, string problem)
    {
        json.Fail(problem);
        return null;
    }

    private bool TryScore(ref JsonScanner json)
    {
        if (json.TryNull())
            return true;
        bool isNumber = json.TryDouble(out double score);
        _score = score;
        return isNumber;
    }

    private static bool TryIdentity(ref JsonScanner json, out PolicyIdentity identity)
    {
        ulong run = 0, content = 0;
        long epoch = 0, counter = 0;
        bool isFirst = true;
        int members = 0;
        json.TryOpen('{');
        while (json.TryNext('}', ref isFirst) && json.TryKey(out string key))
        {
            members++;
            bool taken = key switch
            {
                "run" => json.TryHex(out run),
                "epoch" => json.TryInteger(out epoch),
                "counter" => json.TryInteger(out counter),
                "content" => json.TryHex(out content),
                _ => json.Fail($"unknown member '{key}' of an identity"),
            };
            if (!taken)
                break;
        }
        if (members != 4 || epoch is < 0 or > uint.MaxValue || counter is < 0 or > uint.MaxValue)
            json.Fail("an identity needs run, epoch, counter, content, the middle two in 32 bits");
        identity = new PolicyIdentity(run, (uint)epoch, (uint)counter, content);
        return json.Problem is null;
    }
}
