using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Servos;
using Robotics.Runtime.Composition;

namespace Robotics.Cli.Doctor;

/// <summary>Serial ports, and the device behind a robot.yaml.</summary>
internal static class PortChecks
{
    private const int GoodLatencyMs = 1; // FTDI's default of 16 ms halves a servo bus to 30 Hz
    private const long IdentifyNs = 8_000_000_000; // heartbeats come once a second; parameters are asked up to five times

    /// <summary>One finding per port that has a device behind it.</summary>
    public static IEnumerable<DoctorFinding> Ports()
    {
        IReadOnlyList<SerialPortDescription> ports = SerialPortList.Find();
        return ports.Count == 0 ? [DoctorFinding.Note("serial ports", "none", "plug the device in; robotics config find-port --watch tells its name")] : ports.Select(One);
    }

    /// <summary>The robot's configuration, its endpoint, and with <paramref name="identify"/> who answers there.</summary>
    public static IEnumerable<DoctorFinding> Robot(string file, IReadOnlyList<string> overrides, bool identify)
    {
        using IDisposable driver = RobotProfile.Check(file, overrides).Driver;
        yield return DoctorFinding.Ok("robot.yaml", $"{file}: no problem, baseline validated");
        if (identify)
            yield return Identify(file, overrides);
    }

    private static DoctorFinding One(SerialPortDescription port)
    {
        string usb = port.VendorId.Length > 0 ? $"USB {port.VendorId}:{port.ProductId} {port.Product} {port.SerialNumber}".TrimEnd() : "not USB";
        string name = $"port {port.Path}";
        if (!SerialPort.MayOpen(port.Path))
            return DoctorFinding.Problem(name, $"{usb}: {Environment.UserName} may not read and write it", $"sudo usermod -aG dialout {Environment.UserName}, then log in again");
        if (port.LatencyTimerMs > GoodLatencyMs)
            return DoctorFinding.Problem(name, $"{usb}: latency timer {port.LatencyTimerMs} ms, {GoodLatencyMs} wanted", "install hardware/60-robotics-serial.rules into /etc/udev/rules.d");
        string found = port.StablePath == port.Path ? usb : $"{usb}, {port.StablePath}";
        return port.StablePath == port.Path && port.VendorId.Length > 0
            ? DoctorFinding.Note(name, $"{found}: no stable name", "install udev, or give the path below /dev/serial/by-path")
            : DoctorFinding.Ok(name, found);
    }

    private static DoctorFinding Identify(string file, IReadOnlyList<string> overrides)
    {
        ConfigDocument document = ConfigDocument.Load(file);
        foreach (string assignment in overrides)
            document.Override(assignment);
        try
        {
            RobotProfile robot = RobotProfile.Read(document, MonotonicClock.Instance, seed: 0, attach: true);
            using IRobotDriver driver = robot.Driver;
            if (driver is not IDeviceReadiness device)
                return DoctorFinding.Ok("device", "a simulated robot has none");
            return Answers(driver, device)
                ? DoctorFinding.Ok("device", device.Diagnosis)
                : DoctorFinding.Problem("device", device.Diagnosis, "see docs/guides/serial.md, and the robot's wiring.md");
        }
        catch (IOException e)
        {
            return DoctorFinding.Problem("device", e.Message, "robotics config find-port lists the ports of this machine");
        }
    }

    // Reads alone identify and configure a device; nothing is armed and no command is written.
    private static bool Answers(IRobotDriver driver, IDeviceReadiness device)
    {
        var sample = new SensorSample(driver.StateChannels);
        long end = MonotonicClock.Instance.NowNs + IdentifyNs;
        using var tick = new AutoResetEvent(false);
        // An arm's cycle of goals and states begins with the first command; before it, identified and configured is all there is.
        bool Answered() => device.IsReady || driver is ServoArmDriver { Stage: ServoArmStage.Ready };
        while (!Answered() && MonotonicClock.Instance.NowNs < end)
        {
            driver.Read(sample);
            tick.WaitOne(TimeSpan.FromMilliseconds(5));
        }
        return Answered();
    }
}
