using System.CommandLine;
using System.Text.Json;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Conformance;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Models;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics eval</c>: judges what is not ours by flying it.</summary>
internal static class EvalVerb
{
    private const int WaitMs = 2; // a pump of the suite on a real link
    private const long EmulatedStepNs = 10_000_000;

    public static Command Build()
    {
        var command = new Command("eval", "Judge a vehicle by flying it. Example: robotics eval vehicle --endpoint emulator --autopilot px4");
        command.Subcommands.Add(Vehicle());
        return command;
    }

    private static Command Vehicle()
    {
        var endpoint = new Option<string>("--endpoint") { Description = "serial:PATH:BAUD, udp:PORT, tcp:HOST:PORT, or emulator", Required = true };
        var autopilot = new Option<string>("--autopilot") { Description = "px4 or ardupilot", Required = true };
        var target = new Option<byte>("--target-system") { Description = "MAVLink system id", DefaultValueFactory = _ => 1 };
        var thrust = new Option<double>("--hover-thrust") { Description = "Collective thrust that hovers, 0..1; 0: the emulator's own, 0.5 otherwise" };
        var height = new Option<double>("--height-m") { Description = "Flight height", DefaultValueFactory = _ => 5 };
        var fly = new Option<bool>("--fly") { Description = "Yes, arm and fly it: 30 m of free ground around, 15 m above, a pilot with a radio" };
        var airframe = new Option<string>("--airframe") { Description = "robot.yaml whose airframe the emulator flies", DefaultValueFactory = _ => Installation.PathOf("hardware/sim-quad-x500-sim/robot.yaml") };
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var command = new Command(
            "vehicle", "Flies any PX4 or ArduPilot quadrotor through what this project relies on, on the vehicle's own time. Example: robotics eval vehicle --endpoint tcp:127.0.0.1:5760 --autopilot ardupilot --fly")
        {
            endpoint, autopilot, target, thrust, height, fly, airframe, json,
        };
        command.SetAction(parsed =>
        {
            if (!ByteEndpoint.TryParse(parsed.GetRequiredValue(endpoint), out ByteEndpoint? where, out string problem))
                throw new FailureException(problem, ExitCode.Usage);
            var options = new VehicleSuiteOptions
            {
                Autopilot = Kind(parsed.GetRequiredValue(autopilot)),
                TargetSystem = parsed.GetValue(target),
                HeightM = parsed.GetValue(height),
                HoverThrust = parsed.GetValue(thrust) is > 0 and double given ? given : 0.5,
            };
            bool emulated = where.Kind == EndpointKind.Emulator;
            if (!emulated && !parsed.GetValue(fly))
                throw new FailureException($"this arms and flies the vehicle behind {where}: 30 m of free ground around it, 15 m above, a pilot with a radio; then add --fly", ExitCode.Usage);
            IReadOnlyList<VehicleSuiteStep> steps = emulated
                ? FlyEmulator(options, parsed.GetRequiredValue(airframe), parsed.GetValue(thrust))
                : FlyLink(options, where);
            Print(steps, parsed.GetValue(json));
            return steps.All(s => s.Passed) ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static AutopilotKind Kind(string text) =>
        text switch
        {
            "px4" => AutopilotKind.Px4,
            "ardupilot" => AutopilotKind.ArduPilot,
            _ => throw new FailureException($"--autopilot '{text}' is not px4 or ardupilot", ExitCode.Usage),
        };

    // In lockstep: a flight of some minutes takes seconds.
    private static IReadOnlyList<VehicleSuiteStep> FlyEmulator(VehicleSuiteOptions options, string airframe, double thrust)
    {
        ConfigDocument document = ConfigDocument.Load(airframe);
        QuadrotorParameters parameters = QuadrotorParameters.Read(document.Root.Map("airframe"));
        if (document.Problems.Count > 0)
            throw new ConfigurationException(document.Problems);
        var clock = new ManualClock(1_000_000_000);
        var pair = new MemoryStreamPair();
        var vehicle = new EmulatedAutopilot(options.Autopilot, parameters, pair.Device);
        VehicleSuiteOptions trimmed = thrust > 0 ? options : options with { HoverThrust = vehicle.HoverThrust };
        return new VehicleSuite(pair.Host, clock, trimmed, () =>
        {
            clock.Advance(EmulatedStepNs);
            vehicle.AdvanceTo(vehicle.TimeNs + EmulatedStepNs);
        }).Run();
    }

    private static IReadOnlyList<VehicleSuiteStep> FlyLink(VehicleSuiteOptions options, ByteEndpoint endpoint)
    {
        using IByteStream stream = endpoint.Open();
        return new VehicleSuite(stream, MonotonicClock.Instance, options, () => stream.Wait(WaitMs)).Run();
    }

    private static void Print(IReadOnlyList<VehicleSuiteStep> steps, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                passed = steps.Count(s => s.Passed),
                steps = steps.Select(s => new { name = s.Name, passed = s.Passed, measured = s.Measured, limit = s.Limit, unit = s.Unit, note = s.Note }),
            }));
            return;
        }
        foreach (VehicleSuiteStep s in steps)
            Console.WriteLine($"{(s.Passed ? "ok  " : "FAIL")} {s.Name,-26} {s.Measured,8:F3} of {s.Limit,-6} {s.Unit,-6} {s.Note}");
        Console.WriteLine($"{steps.Count(s => s.Passed)} of {steps.Count} steps passed");
    }
}
