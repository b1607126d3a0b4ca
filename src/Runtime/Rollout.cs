using System.Globalization;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers;
using Robotics.Policies;
using Robotics.Safety;
using Robotics.Tasks;

namespace Robotics.Runtime;

/// <summary>Flies one policy on one simulated robot from a given state and writes the trajectory: <c>robotics rollout</c>.</summary>
/// <remarks>
/// Deterministic: lockstep time, no observation noise, no exploration, no disturbance but a given one. Driver, task and supervisor are those
/// of any run, so a limit of robot.yaml that acts here shows in <see cref="RolloutResult.Interventions"/>. A task's termination does not end
/// it: the trajectory has as many rows as asked for. Row k holds the state before step k and the action of step k.
/// </remarks>
public sealed class Rollout : IDisposable
{
    // The columns of the published closed-loop trajectories.
    private const string Header = "step,px,py,pz,qw,qx,qy,qz,vx,vy,vz,wx,wy,wz,rpm0,rpm1,rpm2,rpm3,a0,a1,a2,a3";

    private readonly ManualClock _clock;
    private readonly IRobotDriver _driver;
    private readonly RobotTask _task;
    private readonly SafetySupervisor _supervisor;
    private readonly PolicyNetwork _policy;
    private readonly long _tickNs;
    private readonly int _ticksPerStep;
    private readonly int[] _columns;

    private Rollout(ManualClock clock, IRobotDriver driver, RobotTask task, SafetySupervisor supervisor, PolicyNetwork policy, double controlRateHz)
    {
        _clock = clock;
        _driver = driver;
        _task = task;
        _supervisor = supervisor;
        _policy = policy;
        _tickNs = (long)Math.Round(1e9 / controlRateHz);
        _ticksPerStep = Math.Max(1, (int)Math.Round(controlRateHz / task.PolicyRateHz));
        _columns = driver.StateChannels.TryIndicesOf([
            .. ChannelNames.Position, .. ChannelNames.Orientation, .. ChannelNames.LinearVelocity,
            .. ChannelNames.AngularVelocity, .. ChannelNames.RotorSpeed,
        ])!;
    }

    /// <summary>Puts robot, task and policy together.</summary>
    /// <param name="robotFile">A simulated quadrotor's robot.yaml.</param>
    /// <param name="taskFile">The task whose observation and action the policy was made for.</param>
    /// <param name="policyFile">Content of a policy bundle or of a published checkpoint.</param>
    /// <param name="policyName">Names the policy in messages.</param>
    /// <exception cref="ConfigurationException">With every problem of both files, or with what is wrong with the policy.</exception>
    public static Rollout Load(string robotFile, string taskFile, ReadOnlyMemory<byte> policyFile, string policyName)
    {
        ConfigDocument robot = ConfigDocument.Load(robotFile), taskDocument = ConfigDocument.Load(taskFile);
        var clock = new ManualClock(1);
        robot.Root.String("robot");
        double controlRateHz = robot.Root.Number("control_rate_hz", 1, 10_000, 100);
        IRobotDriver driver = RobotDrivers.Create(robot.Root, clock, seed: 0);
        SafetySupervisor supervisor = SafetySupervisor.Read(robot.Root, driver.StateChannels, driver.CommandChannels, 1 / controlRateHz);
        RobotTask task = RobotTask.Read(taskDocument, driver.StateChannels, driver.CommandChannels, (driver as IRestingRobot)?.RestCommand);
        if (driver is not SimulatedQuadrotor)
            robot.Root.AddProblem("driver", "a rollout needs a simulated quadrotor");
        robot.Finish();
        taskDocument.Finish();
        ConfigProblem[] problems = [.. robot.Problems, .. taskDocument.Problems];
        if (problems.Length > 0)
            throw new ConfigurationException(problems);
        return new Rollout(clock, driver, task, supervisor, LoadPolicy(policyFile, policyName, task), controlRateHz);
    }

    /// <summary>Flies <paramref name="steps"/> policy steps from <paramref name="start"/> (see <see cref="RolloutStart"/>).</summary>
    /// <param name="start">Initial state.</param>
    /// <param name="steps">Rows to write.</param>
    /// <param name="csv">Where the trajectory goes, or null for none.</param>
    /// <exception cref="ConfigurationException">The start does not parse, or the robot refuses to arm.</exception>
    public RolloutResult Run(string start, int steps, TextWriter? csv = null)
    {
        if (!RolloutStart.TryParse(start, _driver.StateChannels, out float[] state, out string problem))
            throw new ConfigurationException("--init", 0, problem);
        var sample = new SensorSample(_driver.StateChannels);
        var history = new ActionHistory(_task);
        var proposal = new Proposal(_task.ActionLength);
        float[] frame = new float[_task.FrameLength], observation = new float[_task.ObservationLength], action = new float[_task.ActionLength];
        ((IResettableRobot)_driver).Reset(state);
        _policy.Reset();
        _supervisor.OnEpisodeReset();
        long interventions = 0;
        double last = 0, farthest = 0;
        csv?.WriteLine(Header);
        for (int step = 0; step < steps; step++)
        {
            for (int tick = 0; tick < _ticksPerStep; tick++)
            {
                _driver.Read(sample);
                _supervisor.Inspect(sample, _clock.NowNs);
                if (tick == 0)
                {
                    Arm();
                    Act(sample, history, frame, observation, action, proposal);
                    last = _task.DistanceToTarget(sample);
                    farthest = Math.Max(farthest, last);
                    WriteRow(csv, step, sample, action);
                }
                SafeCommand command = _supervisor.Filter(proposal, sample, _clock.NowNs);
                interventions += _supervisor.Action >= SafetyAction.Clamp ? 1 : 0;
                _driver.Write(command);
                _clock.Advance(_tickNs);
            }
            history.Push(action);
        }
        return new RolloutResult(steps, last, farthest, interventions);
    }

    /// <inheritdoc/>
    public void Dispose() => _driver.Dispose();

    private static PolicyNetwork LoadPolicy(ReadOnlyMemory<byte> file, string name, RobotTask task)
    {
        if (!PolicyImport.TryReadAny(file, name, task.SchemaHash, out PolicyBundle? bundle, out string problem))
            throw new ConfigurationException(name, 0, problem);
        NetworkSpec spec = bundle!.Manifest.Network;
        if (spec.ObservationLength != task.ObservationLength || spec.ActionLength != task.ActionLength)
        {
            throw new ConfigurationException(
                name, 0,
                $"takes {spec.ObservationLength} observed values and gives {spec.ActionLength} actions; the task '{task.Name}' has {task.ObservationLength} and {task.ActionLength}");
        }
        var network = new PolicyNetwork(PolicyNetwork.RequiredFloats(spec));
        if (!network.TryLoad(bundle.ToImage(), out NetworkImageStatus status))
            throw new ConfigurationException(name, 0, $"the network does not load: {status}");
        return network;
    }

    private void Arm()
    {
        if (_supervisor.Arming == ArmingState.Armed)
            return;
        _supervisor.ValidateBaseline();
        _supervisor.Confirm(ArmingChecks.Policy, ok: true);
        if (!_supervisor.TryArm(out ArmingChecks missing))
            throw new ConfigurationException("rollout", 0, $"the robot does not arm: {missing}");
    }

    private void Act(SensorSample sample, ActionHistory history, float[] frame, float[] observation, float[] action, Proposal proposal)
    {
        bool acted = _task.ObserveFrame(sample, noise: null, frame);
        _task.BuildObservation(frame, history, observation);
        acted = acted && _policy.Act(observation, action);
        for (int i = 0; i < action.Length; i++)
            action[i] = Math.Clamp(action[i], -1f, 1f); // what is executed, and so what the history holds
        _task.Action.ToCommand(action, proposal.Values);
        proposal.Length = acted ? proposal.Values.Length : 0;
        proposal.Source = ActionSource.Policy;
        proposal.SampleTimeNs = sample.SampleTimeNs;
        proposal.Sequence++;
    }

    private void WriteRow(TextWriter? csv, int step, SensorSample sample, float[] action)
    {
        if (csv is null)
            return;
        csv.Write(step.ToString(CultureInfo.InvariantCulture));
        foreach (int column in _columns)
            WriteValue(csv, sample.Values[column]);
        foreach (float value in action)
            WriteValue(csv, value);
        csv.WriteLine();
    }

    // Nine digits give a float back exactly.
    private static void WriteValue(TextWriter csv, float value)
    {
        csv.Write(',');
        csv.Write(value.ToString("G9", CultureInfo.InvariantCulture));
    }
}
