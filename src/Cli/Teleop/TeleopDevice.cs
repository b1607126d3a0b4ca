using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Robotics.Teleop;

namespace Robotics.Cli.Teleop;

/// <summary>The device of a teleoperation node with whatever it needs beside it: a web server, a ROS 2 subscription, a radio driver, the terminal's mode.</summary>
internal sealed class TeleopDevice : IAsyncDisposable
{
    private readonly IDisposable? _beside;
    private readonly BrowserServer? _server;
    private readonly Action<long>? _poll;

    private TeleopDevice(InputDevice device, IDisposable? beside = null, BrowserServer? server = null, Action<long>? poll = null)
    {
        Input = device;
        _beside = beside;
        _server = server;
        _poll = poll;
    }

    public InputDevice Input { get; }

    /// <summary>Opens what <paramref name="options"/> name.</summary>
    /// <exception cref="IOException">A device cannot be opened, or a port is taken.</exception>
    public static async Task<TeleopDevice> OpenAsync(TeleopOptions options)
    {
        switch (options.Device)
        {
            case "browser":
                return await ServePageAsync(options);
            case "joy":
                var joy = new JoyDevice(options.Topic);
                return new TeleopDevice(joy.Device, joy);
            case "radio":
                var radio = new RadioDevice(Need(options));
                return new TeleopDevice(radio.Device, radio, poll: radio.Poll);
            case "keyboard":
                var mode = new TerminalMode();
                return new TeleopDevice(new TerminalKeyboard(options.Path is null ? DeviceFile.StandardInput() : DeviceFile.Open(options.Path)), mode);
            case "spacemouse" or "spacemouse-wireless":
                return new TeleopDevice(new SpaceMouse(DeviceFile.Open(Need(options)), sixAxesInOneReport: options.Device != "spacemouse"));
            default:
                return new TeleopDevice(new EvdevGamepad(DeviceFile.Open(Need(options))));
        }
    }

    /// <summary>What must be done on the node's thread before its round.</summary>
    public void Poll(long nowNs) => _poll?.Invoke(nowNs);

    /// <summary>Shows <paramref name="report"/> on the page, where there is one.</summary>
    public void Publish(TeleopReport report) => _server?.Publish(report);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Input.Dispose();
        _beside?.Dispose();
    }

    private static async Task<TeleopDevice> ServePageAsync(TeleopOptions options)
    {
        var device = new BrowserDevice();
        X509Certificate2 certificate = TeleopCertificate.LoadOrCreate(options.Folder);
        string token = options.Token ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)); // 128 bits: not to be guessed
        BrowserServer server = await BrowserServer.StartAsync(IPAddress.Any, options.Port, certificate, token, device);
        Console.WriteLine("open one of these on this machine or on a phone in the same network (it will ask once to trust the certificate):");
        foreach (IPAddress address in TeleopCertificate.Addresses())
            Console.WriteLine($"  https://{address}:{server.Port}/?token={token}");
        return new TeleopDevice(device, certificate, server);
    }

    private static string Need(TeleopOptions options) =>
        options.Path ?? throw new FailureException(
            $"--device {options.Device} needs --path, for example {(options.Device == "radio" ? "serial:/dev/ttyUSB0:420000" : options.Device == "gamepad" ? "/dev/input/event3" : "/dev/hidraw0")}",
            ExitCode.Usage);
}
