using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mcu;

namespace Robotics.Cli.Verbs;

/// <summary>The emulated device behind a robot.yaml whose driver speaks a serial protocol, as a process of its own: <c>robotics sim</c>.</summary>
internal static class SerialSimulation
{
    /// <summary>Runs until cancelled, or until standard input says <c>quit</c>.</summary>
    /// <param name="document">robot.yaml with its overrides.</param>
    /// <param name="link"><c>pty:PATH</c>, <c>udp:HOST:PORT</c> (speaks first) or <c>tcp:PORT</c> (listens on this machine).</param>
    /// <param name="seed">Seed of the link's faults.</param>
    /// <param name="reportMs">Period of the state lines; 0 for none.</param>
    public static int Run(ConfigDocument document, string link, ulong seed, int reportMs, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (string.Equals(document.Root.Map("driver").String("kind"), "mcu", StringComparison.Ordinal))
            return RunFirmware(document, link, stop);
        using IByteStream stream = Open(link, stop.Token);
        using var faulty = new FaultyByteStream(stream, MonotonicClock.Instance, seed);
        IEmulatedDevice device = EmulatedDevices.Create(document.Root, faulty);
        if (document.Problems.Count > 0)
            throw new ConfigurationException(document.Problems);
        var host = new EmulatorHost(device, faulty, stream as PluggableTerminal, MonotonicClock.Instance);
        Console.Error.WriteLine($"sim: {document.Root.String("robot")} answers on {stream.Name}; type a fault: {EmulatorHost.Commands}; quit ends");
        ReadCommands(host.Post, stop);
        host.Run(reportMs, Console.WriteLine, stop.Token);
        return ExitCode.Ok;
    }

    private static void ReadCommands(Action<string> post, CancellationTokenSource stop)
    {
        var reader = new Thread(() =>
        {
            while (Console.In.ReadLine() is { } line)
            {
                if (line.Trim() == "quit")
                    stop.Cancel();
                else
                    post(line);
            }
        })
        { IsBackground = true, Name = "sim-commands" };
        reader.Start();
    }

    private static IByteStream Open(string link, CancellationToken cancellation)
    {
        if (link.StartsWith("pty:", StringComparison.Ordinal))
            return new PluggableTerminal(link["pty:".Length..]);
        if (link.StartsWith("tcp:", StringComparison.Ordinal) && int.TryParse(link["tcp:".Length..], CultureInfo.InvariantCulture, out int port))
            return Accept(port, cancellation);
        return ByteEndpoint.TryParse(link, out ByteEndpoint? endpoint, out _) && endpoint.Kind == EndpointKind.Udp
            ? endpoint.Open()
            : throw new FailureException($"'{link}' is no link of an emulator: write pty:/tmp/px4, udp:127.0.0.1:14540 or tcp:5760", ExitCode.Usage);
    }

    private static TcpByteStream Accept(int port, CancellationToken cancellation)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(1);
        Console.Error.WriteLine($"sim: waiting for a driver on tcp:127.0.0.1:{port}");
        using CancellationTokenRegistration registration = cancellation.Register(listener.Stop);
        return new TcpByteStream(listener.AcceptSocket(), $"tcp:{port}");
    }

    // The microcontroller's own C code, compiled here, with the limit table of robot.yaml.
    private static int RunFirmware(ConfigDocument document, string link, CancellationTokenSource stop)
    {
        McuDriverOptions options = McuDriverOptions.Read(document.Root);
        if (document.Problems.Count > 0)
            throw new ConfigurationException(document.Problems);
        if (!link.StartsWith("pty:", StringComparison.Ordinal))
            throw new FailureException("the firmware runs on a pseudo-terminal: --link pty:/tmp/mcu", ExitCode.Usage);
        string folder = Directory.CreateTempSubdirectory("r1-firmware").FullName;
        string path = link["pty:".Length..];
        try
        {
            string binary = Compile(folder);
            using Process firmware = Start(binary, options);
            string port = firmware.StandardOutput.ReadLine() ?? throw new FailureException("the firmware printed no port");
            File.Delete(path);
            File.CreateSymbolicLink(path, port);
            Console.Error.WriteLine($"sim: R1 firmware, {options.Limits.Count} channels, limit hash {McuLimit.Hash(options.Limits):x8}, answers on serial:{path}; quit ends");
            using CancellationTokenRegistration registration = stop.Token.Register(firmware.Kill);
            ReadCommands(line => Console.Error.WriteLine($"sim: the firmware knows no fault '{line}': kill control, or pull {path}"), stop);
            firmware.WaitForExit();
            return ExitCode.Ok;
        }
        finally
        {
            File.Delete(path);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Compile(string folder)
    {
        string source = Installation.PathOf("hardware/firmware");
        string binary = Path.Combine(folder, "r1_firmware");
        var gcc = new ProcessStartInfo("gcc", ["-std=c99", "-O2", "-o", binary, Path.Combine(source, "r1_posix.c"), Path.Combine(source, "r1_firmware.c")]) { UseShellExecute = false, RedirectStandardError = true };
        using Process process = Process.Start(gcc) ?? throw new FailureException("gcc cannot be started: apt-get install gcc libc6-dev");
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? binary : throw new FailureException($"the firmware does not compile: {errors}");
    }

    private static Process Start(string binary, McuDriverOptions options)
    {
        string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(binary) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add(options.SafeAction.ToString(CultureInfo.InvariantCulture));
        foreach (McuLimit limit in options.Limits)
        {
            foreach (float value in (float[])[limit.Minimum, limit.Maximum, limit.RatePerS, limit.Safe])
                start.ArgumentList.Add(Number(value));
        }
        return Process.Start(start) ?? throw new FailureException($"{binary} cannot be started");
    }
}
