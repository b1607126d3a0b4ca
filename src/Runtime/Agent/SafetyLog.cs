using System.Globalization;
using System.Text.Json;
using Robotics.Core;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Runtime.Agent;

/// <summary>The supervisor's transitions as lines of JSON on the agent's disk: what the robot did, why, and who commanded (I4).</summary>
/// <remarks>Fields: docs/formats/safety-log.md. An entry leaves the shared ring only after it is in the file, so an agent that is killed
/// writes it again at most; lines are identified by boot and tick. Agent thread.</remarks>
public sealed class SafetyLog : IDisposable
{
    private readonly RecordRing _ring;
    private readonly Mailbox? _device;
    private readonly StreamWriter _file;

    /// <summary>Appends to <paramref name="path"/> what control leaves in <paramref name="ring"/> and, where given, in <paramref name="device"/>.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public SafetyLog(RecordRing ring, string path, Mailbox? device = null)
    {
        _device = device;
        _ring = ring ?? throw new ArgumentNullException(nameof(ring));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = new StreamWriter(path, append: true);
    }

    /// <summary>Lines written since start.</summary>
    public long Written { get; private set; }

    /// <summary>Writes what is there.</summary>
    public void Drain()
    {
        long before = Written;
        while (SafetyEntry.TryTakeFrom(_ring, out SafetyEntry entry))
        {
            _file.WriteLine(Line(entry));
            Written++;
        }
        if (_device is not null && DeviceReport.TryTakeFrom(_device, out DeviceReport report))
        {
            _file.WriteLine(Line(report));
            Written++;
        }
        if (Written == before)
            return;
        _file.Flush();
        _ring.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string Line(SafetyEntry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"boot":"{{entry.Boot:x16}}","tick":{{entry.Tick}},"time_ns":{{entry.TimeNs}},"from":"{{SafetyNames.Of(entry.From)}}","to":"{{SafetyNames.Of(entry.To)}}","causes":"{{SafetyNames.List(entry.Causes)}}","authority":"{{Authority(entry.Authority)}}","policy":"{{entry.Policy}}"}""");

    private static string Line(DeviceReport report) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"boot":"{{report.Boot:x16}}","time_ns":{{report.TimeNs}},"device":"{{JsonEncodedText.Encode(report.Text)}}"}""");

    private static string Authority(ActionSource source) => source switch
    {
        ActionSource.None => "none",
        ActionSource.Baseline => "baseline",
        ActionSource.Policy => "policy",
        ActionSource.Human => "human",
        _ => $"unknown-{(byte)source}", // the ring is shared memory: any byte may be in it
    };
}
