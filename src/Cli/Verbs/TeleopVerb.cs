using System.CommandLine;
using Robotics.Cli.Processes;
using Robotics.Cli.Teleop;
using Robotics.Configuration;
using Robotics.Runtime.Composition;
using Robotics.Teleop;
using Robotics.Transport;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics teleop</c>: a person at a device steers and corrects a robot.</summary>
internal static class TeleopVerb
{
    public static Command Build()
    {
        var run = new Argument<string>("run") { Description = "The robot's run file: it names the agent's endpoint and the steering file" };
        var device = new Option<string>("--device") { Description = $"One of {string.Join(", ", DeviceKinds.All)}", DefaultValueFactory = _ => "keyboard" };
        var path = new Option<string?>("--path") { Description = "Device node (/dev/input/event3, /dev/hidraw0), FIFO, or serial endpoint of a radio" };
        var mapping = new Option<string?>("--mapping") { Description = "Mapping file, instead of DEVICE.yaml beside the steering file" };
        var endpoint = new Option<string?>("--endpoint") { Description = "The agent's endpoint, instead of the run file's" };
        var person = new Option<string>("--operator") { Description = "Who you are; with keys, whose key is used", DefaultValueFactory = _ => Environment.UserName };
        var folder = new Option<string>("--folder") { Description = "Folder of keys and of the page's certificate", DefaultValueFactory = _ => "out" };
        var joy = new Option<string?>("--joy") { Description = "A ROS 2 topic of sensor_msgs/Joy, for example /joy; same as --device joy" };
        var port = new Option<int>("--port") { Description = "Port of the page; 0 for any", DefaultValueFactory = _ => 8443 };
        var token = new Option<string?>("--token") { Description = "Token of the page's address, instead of a new one each time" };
        var json = new Option<bool>("--json") { Description = "One JSON line five times a second" };
        var command = new Command("teleop", "Steer and correct a robot. Example: robotics teleop runs/teleop.yaml --device gamepad --path /dev/input/event3")
        {
            run, device, path, mapping, endpoint, person, folder, joy, port, token, json,
        };
        command.Subcommands.Add(Keys());
        command.SetAction(async (parsed, _) =>
        {
            using var shutdown = new ShutdownSignal();
            (string at, SteeringSettings steering) = Load(parsed.GetRequiredValue(run), parsed.GetValue(endpoint));
            string kind = parsed.GetValue(joy) is null ? parsed.GetRequiredValue(device) : "joy";
            if (!DeviceKinds.All.Contains(kind, StringComparer.Ordinal))
                throw new FailureException($"--device {kind}: one of {string.Join(", ", DeviceKinds.All)}", ExitCode.Usage);
            return await TeleopSession.RunAsync(
                new TeleopOptions
                {
                    Device = kind,
                    Path = parsed.GetValue(path),
                    MappingFile = parsed.GetValue(mapping) ?? Path.Combine(steering.Folder, $"{kind.Split('-')[0]}.yaml"),
                    Endpoint = at,
                    Operator = parsed.GetRequiredValue(person),
                    Folder = Path.GetFullPath(parsed.GetRequiredValue(folder)),
                    Topic = parsed.GetValue(joy) ?? "/joy",
                    Port = parsed.GetValue(port),
                    Token = parsed.GetValue(token),
                    Json = parsed.GetValue(json),
                    Motions = steering.Motions,
                },
                shutdown.Token);
        });
        return command;
    }

    private static (string Endpoint, SteeringSettings Steering) Load(string file, string? endpoint)
    {
        RunDescription run = RunDescription.Load(file);
        if (run.SteeringPath is null || run.TeleopEndpoint is null)
            run.Document.Root.AddProblem("teleop", "missing: nobody may steer this run's robot; add teleop: { endpoint: tcp://127.0.0.1:5556, steering: ../hardware/ROBOT/teleop/steering.yaml }");
        run.Document.ThrowIfBad();
        ConfigDocument document = ConfigDocument.Load(run.SteeringPath!);
        SteeringSettings steering = SteeringSettings.Read(document);
        document.ThrowIfBad();
        return (endpoint ?? run.TeleopEndpoint!, steering);
    }

    private static Command Keys()
    {
        var person = new Option<string>("--operator") { Description = "Whose key", Required = true };
        var folder = new Option<string>("--folder") { Description = "Keys go to FOLDER/teleop-keys", DefaultValueFactory = _ => "out" };
        var command = new Command("keys", "Makes the CURVE keys of a robot's agent and of one operator; existing ones stay. Example: robotics teleop keys --operator ann --folder out") { person, folder };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(person);
            string keys = Endpoints.TeleopKeys(Path.GetFullPath(parsed.GetRequiredValue(folder)));
            foreach (string made in LinkKeys.Create(keys, Identity64.Of("operator", name)))
                Console.WriteLine($"wrote {made}");
            Console.WriteLine($"learner.key and allowed stay with the robot's agent; {Identity64.Of("operator", name):x16}.key and learner.pub go to {name}, into FOLDER/teleop-keys there");
            return ExitCode.Ok;
        });
        return command;
    }
}
