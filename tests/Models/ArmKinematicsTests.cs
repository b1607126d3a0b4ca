using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Models.Tests;

public sealed class ArmKinematicsTests
{
    private static readonly ArmKinematics s_arm = new(ArmParameters.Read(HardwareFile.Load("sim-arm").Root.Map("arm")));

    // Two independent computations: the closed form of the inverse and the chain of the forward kinematics.
    [Fact]
    public void TryInverse_AnywhereInTheWorkspace_ForwardGivesThePlaceBack()
    {
        var random = new SeededRandom(1);
        var q = new double[ArmParameters.Joints];
        ArmParameters arm = s_arm.Arm;
        for (int i = 0; i < 1000; i++)
        {
            var tip = new Vector3<double>(
                random.NextUniform(arm.WorkspaceMin.X, arm.WorkspaceMax.X), random.NextUniform(arm.WorkspaceMin.Y, arm.WorkspaceMax.Y),
                random.NextUniform(arm.WorkspaceMin.Z, arm.WorkspaceMax.Z));
            double yaw = random.NextUniform(-arm.MaxYaw, arm.MaxYaw);
            Assert.True(s_arm.TryInverse(tip, yaw, q), $"{tip} is out of reach");
            Vector3<double> back = s_arm.Tip(q);
            Assert.Equal(tip.X, back.X, 1e-12);
            Assert.Equal(tip.Y, back.Y, 1e-12);
            Assert.Equal(tip.Z, back.Z, 1e-12);
            Assert.Equal(0, s_arm.Tilt(q), 1e-12);
            Assert.Equal(yaw, ArmKinematics.Yaw(q), 1e-12);
        }
    }

    [Fact]
    public void TryInverse_OutOfReach_LeavesTheJointsAlone()
    {
        double[] q = [1, 2, 3, 4, 5, 6];
        Assert.False(s_arm.TryInverse(new Vector3<double>(1, 0, 0), 0, q));
        Assert.Equal([1, 2, 3, 4, 5, 6], q);
    }

    [Fact]
    public void Jacobian_RandomJoints_EqualsFiniteDifferences()
    {
        const double h = 1e-6;
        var random = new SeededRandom(2);
        var q = new double[ArmParameters.Joints];
        var j = new double[30];
        for (int i = 0; i < 100; i++)
        {
            foreach (ref double angle in q.AsSpan())
                angle = random.NextUniform(-1.5, 1.5);
            s_arm.Jacobian(q, j);
            for (int m = 0; m < ArmParameters.ToolJoints; m++)
            {
                double old = q[m];
                q[m] = old + h;
                Vector3<double> up = s_arm.Tip(q);
                double leanUp = s_arm.Tilt(q);
                q[m] = old - h;
                Vector3<double> down = s_arm.Tip(q);
                double leanDown = s_arm.Tilt(q);
                q[m] = old;
                Assert.Equal((up.X - down.X) / (2 * h), j[m], 1e-8);
                Assert.Equal((up.Y - down.Y) / (2 * h), j[5 + m], 1e-8);
                Assert.Equal((up.Z - down.Z) / (2 * h), j[10 + m], 1e-8);
                double pitchRate = (-Math.Sin(q[0]) * j[15 + m]) + (Math.Cos(q[0]) * j[20 + m]);
                Assert.Equal(-(leanUp - leanDown) / (2 * h), pitchRate, 1e-8);
            }
        }
    }

    // A tool that points down turns about the vertical only: five joints give exactly what is asked, but for the damping.
    [Fact]
    public void JointVelocities_ToolPointingDown_GiveTheTwist()
    {
        var q = new double[ArmParameters.Joints];
        var velocity = new double[ArmParameters.ToolJoints];
        var j = new double[30];
        Assert.True(s_arm.TryInverse(new Vector3<double>(0.18, 0.03, 0.02), 0.3, q));
        double[] twist = [0.05, -0.08, 0.03, 0, 0, 0.4];
        s_arm.JointVelocities(q, twist, velocity);
        s_arm.Jacobian(q, j);
        for (int k = 0; k < 6; k++)
        {
            double got = 0;
            for (int m = 0; m < 5; m++)
                got += j[(k * 5) + m] * velocity[m];
            Assert.Equal(twist[k], got, 0.02 * 0.1);
        }
    }

    [Theory]
    [InlineData(0.0009, 0.05, -0.004, false)] // inside both clearances: it goes in
    [InlineData(0.0011, 0.05, 0, true)] // a tenth of a millimetre too far out: the plate stops it
    [InlineData(0.0009, 0.11, 0, true)] // turned too far
    public void Resolve_FromAboveThePlate_EntersOnlyWithinTheClearance(double x, double yaw, double z, bool held)
    {
        var hole = new PegHole(0.001, 0.1, 0.02);
        var to = new ToolPose(x, 0, -0.004, yaw);
        Assert.Equal(held, hole.Resolve(new ToolPose(x, 0, 0.001, yaw), ref to, default));
        Assert.Equal(z, to.Z, 1e-12);
        Assert.Equal(x, to.X, 1e-12);
    }

    [Fact]
    public void Resolve_InsideTheHole_WallsAndBottomHold()
    {
        var hole = new PegHole(0.001, 0.1, 0.02);
        var to = new ToolPose(0.003, 0.004, -0.03, 0.5);
        Assert.True(hole.Resolve(new ToolPose(0, 0, -0.01, 0), ref to, default));
        Assert.Equal(new ToolPose(0.0006, 0.0008, -0.02, 0.1), Rounded(to));
    }

    private static ToolPose Rounded(ToolPose p) => new(Math.Round(p.X, 12), Math.Round(p.Y, 12), Math.Round(p.Z, 12), Math.Round(p.Yaw, 12));
}
