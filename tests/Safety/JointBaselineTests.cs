using Robotics.Configuration;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Safety.Tests;

public sealed class JointBaselineTests
{
    private const double T = 0.01;
    private const string Yaml = """
        driver: {kind: simulated}
        safety:
          staleness: {joint_ms: 50}
          commands: {joint.position: {max_rate_per_s: 3}}
        baseline:
          kind: joint_hold
          limp_s: 0.5
          joints: [{command: joint.position, position: joint.position, torque: joint.torque_limit, deceleration_rad_s2: 4}]
        arming: {automatic: true, checks: []}
        """;

    private readonly ChannelLayout _state = new([new Channel("joint.position", "rad", -3, 3)]);
    private readonly ChannelLayout _command = new([new Channel("joint.position", "rad", -3, 3), new Channel("joint.torque_limit", "1", 0, 1)]);
    private readonly SafetySupervisor _supervisor;
    private readonly SensorSample _sample;
    private readonly Proposal _proposal = new(2);
    private readonly float[] _emitted = new float[2];
    private long _now = 1_000_000_000;

    public JointBaselineTests()
    {
        var document = ConfigDocument.Parse(Yaml, "robot.yaml");
        _supervisor = SafetySupervisor.Read(document.Root, _state, _command, T);
        document.ThrowIfBad();
        _sample = new SensorSample(_state);
        _sample.Values[0] = 0.7f;
        Tick(0, present: false);
        Assert.True(_supervisor.TryArm(out ArmingChecks missing), missing.ToString());
    }

    [Fact]
    public void Filter_FirstCommandAfterArming_StartsFromTheMeasuredPlace()
    {
        Tick(2);
        Assert.InRange(_emitted[0], 0.7f, 0.7f + (float)(3 * T) + 1e-6f);
    }

    [Fact]
    public void Filter_PolicyDiesInMotion_DeceleratesWithoutAJumpAndHolds()
    {
        float wish = 0.7f;
        for (int k = 0; k < 40; k++)
            Tick(wish += 0.02f); // 2 rad/s
        float before = _emitted[0];
        float step = 0.02f;
        double stoppingDistance = 0;
        for (int k = 0; k < 100; k++)
        {
            float last = _emitted[0];
            Tick(float.NaN);
            Assert.Equal(SafetyAction.Baseline, _supervisor.Action);
            Assert.InRange(_emitted[0] - last, -1e-5f, step + 1e-5f); // never faster than before, never back
            step = _emitted[0] - last;
            stoppingDistance = _emitted[0] - before;
        }
        Assert.InRange(stoppingDistance, 0.4, 0.5); // v²/(2a) = 0.5 rad, less the discrete steps
        Assert.Equal(0, step, 1e-6);
    }

    [Fact]
    public void Filter_SoftLimp_RampsTheTorqueAway()
    {
        Tick(0.7f);
        _supervisor.Report(SafetyCauses.BaselineFault);
        Tick(0.7f);
        Assert.Equal(SafetyAction.SoftLimp, _supervisor.Action);
        var torques = new List<float>();
        for (int k = 0; k < 55; k++)
        {
            Tick(0.7f);
            torques.Add(_emitted[1]);
        }
        Assert.True(torques.Zip(torques.Skip(1), (a, b) => b <= a).All(falls => falls));
        Assert.Equal(0, torques[^1]);
        Assert.InRange(torques[25], 0.3f, 0.6f);
    }

    [Fact]
    public void Filter_PowerCut_FollowsTheJointSoThatPowerNeverComesBackWithAJump()
    {
        Tick(0.7f);
        _supervisor.EmergencyStop();
        _sample.Values[0] = -1.5f; // somebody moved the limp arm
        Tick(0.7f);
        Assert.Equal(SafetyAction.PowerCut, _supervisor.Action);
        Assert.Equal([-1.5f, 0f], _emitted);
    }

    [Fact]
    public void Compute_Shadow_AllocatesNothing() => AllocationGuard.AssertNone(() => Tick(0.7f));

    private void Tick(float wish, bool present = true)
    {
        _sample.Stamp(_now);
        _sample.Status = ReadStatus.Ok;
        _proposal.Values[0] = wish;
        _proposal.Values[1] = 1;
        _proposal.Length = present ? 2 : 0;
        _proposal.Source = present ? ActionSource.Policy : ActionSource.None;
        _supervisor.Inspect(_sample, _now);
        _supervisor.Filter(_proposal, _sample, _now).Values.CopyTo(_emitted);
        _now += 10_000_000;
    }
}
