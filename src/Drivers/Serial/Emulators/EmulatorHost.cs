using System.Collections.Concurrent;
using System.Globalization;
using Robotics.Core;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>Runs an emulated device in real time and breaks its link when it is told to: <c>robotics sim</c>.</summary>
/// <remarks>Commands may come from any thread; everything else is one thread, the one that calls <see cref="Run"/>.</remarks>
public sealed class EmulatorHost
{
    private const long StepNs = 1_000_000; // a byte at 115 200 baud takes 87 us; 1 ms is what USB serial adapters deliver in
    private readonly IEmulatedDevice _device;
    private readonly FaultyByteStream _link;
    private readonly PluggableTerminal? _terminal;
    private readonly IClock _clock;
    private readonly ConcurrentQueue<string> _commands = new();

    /// <summary>A host of <paramref name="device"/> behind <paramref name="link"/>; <paramref name="terminal"/> where its cable can be pulled.</summary>
    public EmulatorHost(IEmulatedDevice device, FaultyByteStream link, PluggableTerminal? terminal, IClock clock)
    {
        _device = device ?? throw new ArgumentNullException(nameof(device));
        _link = link ?? throw new ArgumentNullException(nameof(link));
        _terminal = terminal;
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
    }

    /// <summary>The commands that <see cref="Post"/> understands, for --help.</summary>
    public static string Commands =>
        "loss SHARE, bit_error SHARE, duplicate SHARE, delay_ms N, wrong_baud, buffer_full, heal, unplug, plug, restart, stuck ID, free ID, dead ID, temperature ID C, pilot";

    /// <summary>Gives a command; it acts in the next step. Any thread.</summary>
    public void Post(string command) => _commands.Enqueue(command);

    /// <summary>Runs until cancelled; <paramref name="report"/> gets the device's state every <paramref name="reportMs"/> (0: never) and a line per command.</summary>
    public void Run(int reportMs, Action<string> report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        long start = _clock.NowNs;
        long dueNs = start;
        long reportNs = start;
        while (!cancellation.IsCancellationRequested)
        {
            while (_commands.TryDequeue(out string? command))
                report(Obey(command) ? $"{{\"t_ns\":{_clock.NowNs},\"did\":\"{command}\"}}" : $"{{\"t_ns\":{_clock.NowNs},\"unknown\":\"{command}\"}}");
            _device.AdvanceTo(_clock.NowNs - start);
            if (reportMs > 0 && _clock.NowNs >= reportNs)
            {
                reportNs = _clock.NowNs + (reportMs * 1_000_000L);
                report($"{{\"t_ns\":{_clock.NowNs},\"device\":{_device.Describe()}}}");
            }
            dueNs = Math.Max(dueNs + StepNs, _clock.NowNs); // after a stall the device catches up by itself
            MonotonicSleep.Until(dueNs);
        }
    }

    private bool Obey(string command)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        double amount = 0;
        if (words.Length > 1 && !double.TryParse(words[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out amount))
            return false;
        return words.Length > 0 && (BreakLink(words[0], amount) || MoveCable(words[0]) || BreakDevice(words, amount));
    }

    private bool BreakLink(string verb, double amount)
    {
        StreamFaults? faults = verb switch
        {
            "loss" => _link.Faults with { ByteLoss = amount },
            "bit_error" => _link.Faults with { BitError = amount },
            "duplicate" => _link.Faults with { Duplicate = amount },
            "delay_ms" => _link.Faults with { DelayNs = (long)(amount * 1e6) },
            "wrong_baud" => _link.Faults with { WrongBaud = true },
            "buffer_full" => _link.Faults with { BufferFull = true },
            "heal" => new StreamFaults(),
            _ => null,
        };
        _link.Faults = faults ?? _link.Faults;
        return faults is not null;
    }

    private bool MoveCable(string verb)
    {
        if (_terminal is null || verb is not ("plug" or "unplug"))
            return false;
        if (verb == "plug")
            _terminal.Plug();
        else
            _terminal.Unplug();
        return true;
    }

    private bool BreakDevice(string[] words, double amount)
    {
        switch (_device, words[0])
        {
            case (_, "restart"):
                _device.Restart();
                return true;
            case (EmulatedAutopilot autopilot, "pilot"):
                autopilot.PilotTakesOver();
                return true;
            case (EmulatedServoBus bus, "stuck" or "free" or "dead" or "temperature") when words.Length > 1:
                return BreakServo(bus, words, amount);
            default:
                return false;
        }
    }

    private static bool BreakServo(EmulatedServoBus bus, string[] words, double amount)
    {
        if (!int.TryParse(words[1], CultureInfo.InvariantCulture, out int id) || id < 1 || id > bus.Servos.Count)
            return false;
        EmulatedServo servo = bus.Servos[id - 1];
        switch (words[0])
        {
            case "temperature":
                servo.Temperature = amount;
                break;
            case "dead":
                servo.Dead = true;
                break;
            default:
                servo.Stuck = words[0] == "stuck";
                servo.Dead = false;
                break;
        }
        return true;
    }
}
