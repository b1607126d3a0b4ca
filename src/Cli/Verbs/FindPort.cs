using System.CommandLine;
using System.Text.Json;
using Robotics.Core;
using Robotics.Drivers.Serial;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics config find-port</c>: the serial ports of this machine, and which of them is the one that was just plugged in.</summary>
internal static class FindPort
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    public static Command Build()
    {
        var watch = new Option<double>("--watch") { Description = "Wait this many seconds for a port to come or go, and name it", DefaultValueFactory = _ => 0 };
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var command = new Command("find-port", "Lists serial ports with their USB identifiers, as endpoints for robot.yaml. Example: robotics config find-port --watch 30") { watch, json };
        command.SetAction((parsed, cancellation) =>
        {
            IReadOnlyList<SerialPortDescription> ports = SerialPortList.Find();
            if (parsed.GetValue(watch) > 0)
                ports = AwaitChange(ports, parsed.GetValue(watch), cancellation);
            Print(ports, parsed.GetValue(json));
            return Task.FromResult(ports.Count > 0 ? ExitCode.Ok : ExitCode.Failed);
        });
        return command;
    }

    private static SerialPortDescription[] AwaitChange(IReadOnlyList<SerialPortDescription> before, double seconds, CancellationToken cancellation)
    {
        Console.Error.WriteLine($"{before.Count} port(s); plug the device in, or pull it out, within {seconds} s");
        long end = MonotonicClock.Instance.NowNs + (long)(seconds * 1e9);
        while (MonotonicClock.Instance.NowNs < end && !cancellation.IsCancellationRequested)
        {
            IReadOnlyList<SerialPortDescription> now = SerialPortList.Find();
            SerialPortDescription[] changed = [.. now.Except(before), .. before.Except(now)];
            if (changed.Length > 0)
                return changed;
            cancellation.WaitHandle.WaitOne(s_look);
        }
        return [];
    }

    private static void Print(IReadOnlyList<SerialPortDescription> ports, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(ports.Select(p => new
            {
                path = p.Path,
                stable_path = p.StablePath,
                usb_vendor = p.VendorId,
                usb_product = p.ProductId,
                usb_serial = p.SerialNumber,
                product = p.Product,
                latency_timer_ms = p.LatencyTimerMs,
            })));
            return;
        }
        if (ports.Count == 0)
            Console.WriteLine("no serial port");
        foreach (SerialPortDescription p in ports)
            Console.WriteLine($"endpoint: serial:{p.StablePath}:BAUD   # {p.Path} {(p.VendorId.Length > 0 ? $"USB {p.VendorId}:{p.ProductId} {p.Product} {p.SerialNumber}" : "not USB")}");
    }
}
