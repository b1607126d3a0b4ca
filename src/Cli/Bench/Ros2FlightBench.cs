using System.Diagnostics;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Runtime.Time;
using Robotics.Safety;

namespace Robotics.Cli.Bench;

/// <summary>Flies hardware/sim-quad-ros2 in real time under its supervisor's baseline, the robot being another process.</summary>
internal static class Ros2FlightBench
{
    private const double ReadyS = 20; // discovery and the identity check take about two

    public static Ros2FlightResult Run(string robotFile, int domain, double seconds)
    {
        string[] overrides = [$"driver.domain={domain}", "driver.interface=lo"];
        using Process robot = StartRobot(robotFile, overrides);
        try
        {
            ConfigDocument document = ConfigDocument.Load(robotFile);
            foreach (string o in overrides)
                document.Override(o);
            double rate = document.Root.Number("control_rate_hz", 1, 10_000);
            using Ros2Driver driver = Ros2Driver.Read(document.Root.Map("driver"), document.Root.Map("channels"), MonotonicClock.Instance);
            var supervisor = SafetySupervisor.Read(document.Root, driver.StateChannels, driver.CommandChannels, 1 / rate);
            if (document.Problems.Count > 0)
                throw new ConfigurationException(document.Problems);
            return Fly(driver, supervisor, (long)(1e9 / rate), rate, seconds);
        }
        finally
        {
            robot.Kill();
            robot.WaitForExit();
        }
    }

    private static Ros2FlightResult Fly(Ros2Driver driver, SafetySupervisor supervisor, long periodNs, double rate, double seconds)
    {
        var sample = new SensorSample(driver.StateChannels);
        var proposal = new Proposal(driver.CommandChannels.Count);
        var pacer = new RealTimePacer(MonotonicClock.Instance, periodNs);
        int[] position = driver.StateChannels.TryIndicesOf(ChannelNames.Position)!;
        bool armed = false;
        long waited = 0, flown = 0, missed = 0, stale = 0;
        double farthest = 0;
        var latency = new LatencyHistogram();
        while (flown < seconds * rate)
        {
            int late = pacer.WaitForNextTick();
            driver.Read(sample);
            SafeCommand command = supervisor.Filter(proposal, sample, MonotonicClock.Instance.NowNs);
            driver.Write(command);
            if (!armed)
            {
                armed = TryArm(driver, supervisor);
                if (!armed && ++waited > ReadyS * rate)
                    throw new FailureException($"the simulated robot cannot be armed: {driver.Diagnosis}; causes {supervisor.Causes}");
                continue;
            }
            flown++;
            missed += late;
            latency.Add(MonotonicClock.Instance.NowNs - command.SampleTimeNs);
            stale += (supervisor.Causes & SafetyCauses.StaleSample) != 0 ? 1 : 0;
            farthest = Math.Max(farthest, Distance(sample, position));
        }
        LatencyHistogram sent = driver.Latency ?? latency;
        return new Ros2FlightResult(flown, missed, sent.QuantileNs(0.5) / 1e3, sent.QuantileNs(0.99) / 1e3, sent.MaxNs / 1e3, farthest, stale);
    }

    private static bool TryArm(Ros2Driver driver, SafetySupervisor supervisor)
    {
        supervisor.Confirm(ArmingChecks.DeviceTimeout | ArmingChecks.DeviceIdentity, driver.IsReady);
        supervisor.Confirm(ArmingChecks.Policy, ok: true); // the baseline is what flies here
        return supervisor.TryArm(out _);
    }

    private static double Distance(SensorSample sample, int[] position)
    {
        double sum = 0;
        foreach (int i in position)
            sum += sample.Values[i] * sample.Values[i];
        return Math.Sqrt(sum);
    }

    private static Process StartRobot(string robotFile, string[] overrides)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "robotics.dll"), "sim", "--ros2", "--robot", robotFile]) { UseShellExecute = false };
        foreach (string o in overrides)
        {
            start.ArgumentList.Add("--set");
            start.ArgumentList.Add(o);
        }
        return Process.Start(start)!;
    }
}
