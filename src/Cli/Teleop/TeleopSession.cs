using System.Text.Json;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Composition;
using Robotics.Runtime.People;
using Robotics.Teleop;
using Robotics.Transport;

namespace Robotics.Cli.Teleop;

/// <summary><c>robotics teleop</c>: one person, one device, one robot, until Ctrl-C.</summary>
internal static class TeleopSession
{
    private const int RoundMs = 4; // devices are read this often where the robot says nothing: a fifth of a frame
    private const long ShowIntervalNs = 200_000_000;

    public static async Task<int> RunAsync(TeleopOptions options, CancellationToken cancellation)
    {
        await using TeleopDevice device = await TeleopDevice.OpenAsync(options);
        ConfigDocument document = ConfigDocument.Load(options.MappingFile);
        InputMapping mapping = InputMapping.Read(document, device.Input, options.Motions);
        document.ThrowIfBad();
        using ZmqEdgeChannel channel = Connect(options);
        var node = new TeleopNode(channel, device.Input, mapping, options.Operator, options.Motions);
        Console.WriteLine($"{options.Operator} at {device.Input.Name} with {mapping.Name} -> {options.Endpoint}; Ctrl-C lets go and ends");
        long showDueNs = 0;
        while (!cancellation.IsCancellationRequested)
        {
            long now = MonotonicClock.Instance.NowNs;
            device.Poll(now);
            node.Pump(now);
            TeleopReport report = TeleopReport.Of(node, device.Input, now);
            device.Publish(report);
            if (now >= showDueNs)
            {
                showDueNs = now + ShowIntervalNs;
                Show(report, options.Json);
            }
            channel.Wait(RoundMs);
        }
        node.LetGo();
        channel.Wait(RoundMs);
        Console.WriteLine();
        return ExitCode.Ok;
    }

    private static ZmqEdgeChannel Connect(TeleopOptions options)
    {
        if (!Endpoints.UsesTeleopKeys(options.Endpoint, options.Folder, out string keys))
            return new ZmqEdgeChannel(options.Endpoint, null, null);
        ulong person = Identity64.Of("operator", options.Operator);
        if (!File.Exists(Path.Combine(keys, $"{person:x16}.key")))
            throw new FailureException($"no key of '{options.Operator}' in {keys}; make it with: robotics teleop keys --operator {options.Operator}", ExitCode.BadConfiguration);
        (CurveKeyPair own, string robot) = LinkKeys.LoadEdge(keys, person);
        return new ZmqEdgeChannel(options.Endpoint, own, robot);
    }

    private static void Show(TeleopReport report, bool json)
    {
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(report));
        else if (Console.IsOutputRedirected)
            Console.WriteLine(report);
        else
            Console.Write($"\r\e[K{report}");
    }
}
