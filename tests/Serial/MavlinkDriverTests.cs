using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

public sealed class MavlinkDriverTests
{
    public static TheoryData<AutopilotKind> Flavours => [AutopilotKind.Px4, AutopilotKind.ArduPilot];

    [Theory]
    [MemberData(nameof(Flavours))]
    public void Setup_DeclaredAutopilot_SetsTheTimeoutAndReadsItBackBeforeItIsReady(AutopilotKind flavour)
    {
        using var rig = new VehicleRig(flavour, VehicleSetpoint.Velocity, timeoutS: 0.4);
        rig.MakeReady();
        Assert.False(rig.Autopilot.Armed);
        Assert.Contains("read back", rig.Driver.Diagnosis, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AutopilotKind.Px4, "COM_OF_LOSS_T")]
    [InlineData(AutopilotKind.Px4, "COM_OBL_RC_ACT")]
    [InlineData(AutopilotKind.ArduPilot, "GUID_TIMEOUT")]
    public void Setup_FirmwareIgnoresTheParameter_IsRefusedByName(AutopilotKind flavour, string parameter)
    {
        using var rig = new VehicleRig(flavour, VehicleSetpoint.Velocity);
        rig.Autopilot.FrozenParameter = parameter;
        rig.RunUntil(() => rig.Driver.Stage == VehicleStage.Refused, 20, SafetyAction.Nominal);
        Assert.Contains(parameter, rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.Equal(WriteStatus.Faulted, rig.Tick(SafetyAction.Nominal));
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        Assert.False(rig.Autopilot.Armed);
        Assert.Equal(0, rig.Autopilot.Setpoints);
    }

    [Fact]
    public void Setup_OtherAutopilot_IsRefusedBeforeAnythingIsWritten()
    {
        using var rig = new VehicleRig(AutopilotKind.ArduPilot, VehicleSetpoint.Velocity, declared: AutopilotKind.Px4);
        rig.Run(5, SafetyAction.Nominal);
        Assert.Contains("ArduPilot", rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.Equal(VehicleStage.Refused, rig.Driver.Stage);
    }

    [Fact]
    public void Setup_OtherSystemId_SaysWhichOneWasHeard()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity, target: 3);
        rig.Run(5, SafetyAction.Nominal);
        Assert.Contains("system 1", rig.Driver.Diagnosis, StringComparison.Ordinal);
    }

    [Fact]
    public void Setup_WrongBaud_SaysThatBytesMakeNoFrames()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.Faults.Faults = new StreamFaults { WrongBaud = true };
        rig.Run(10, SafetyAction.Nominal);
        Assert.Contains("baud", rig.Driver.Diagnosis, StringComparison.Ordinal);
        Assert.Equal(ReadStatus.Missing, rig.Sample.Status);
    }

    [Fact]
    public void Setup_UnsignedAutopilotOnASignedLink_IsNotHeard()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity, key: new byte[32]);
        rig.Run(5, SafetyAction.PowerCut);
        Assert.Equal(VehicleStage.Searching, rig.Driver.Stage);
    }

    [Theory]
    [MemberData(nameof(Flavours))]
    public void Velocity_CommandedInRep103_MovesTheVehicleThatWay(AutopilotKind flavour)
    {
        using var rig = new VehicleRig(flavour, VehicleSetpoint.Velocity);
        rig.TakeOff();
        double x = rig.Autopilot.Position.X, y = rig.Autopilot.Position.Y;
        rig.Run(4, SafetyAction.Nominal, 1, 2, 0, 0.3f);
        Assert.InRange(rig.Autopilot.Velocity.X, 0.9, 1.1);
        Assert.InRange(rig.Autopilot.Velocity.Y, 1.9, 2.1);
        Assert.True(rig.Autopilot.Position.X > x + 2 && rig.Autopilot.Position.Y > y + 4);
        Assert.Equal((float)rig.Autopilot.Position.Y, rig.Sample.Values[1], 0.05f);
        Assert.Equal((float)rig.Autopilot.Velocity.Y, rig.Sample.Values[8], 0.05f);
        Assert.InRange(rig.Sample.Values[12], 0.2f, 0.4f); // yaw to the left is positive
        Assert.True(rig.Sample.Values[6] > 0.1f);
    }

    [Fact]
    public void Rates_CommandedInRep103_TurnTheVehicleThatWay()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Rates);
        rig.MakeReady();
        float hover = (float)rig.Autopilot.HoverThrust;
        rig.RunUntil(() => rig.Driver.Engagement == EngagementStage.Active, 10, SafetyAction.Nominal, 0, 0, 0, 0);
        rig.Run(2, SafetyAction.Nominal, 0, 0, 0, hover * 1.3f);
        rig.Run(0.5, SafetyAction.Nominal, 0.3f, -0.2f, 0.4f, hover);
        Assert.Equal(0.3f, rig.Sample.Values[10], 0.03f);
        Assert.Equal(-0.2f, rig.Sample.Values[11], 0.03f);
        Assert.Equal(0.4f, rig.Sample.Values[12], 0.03f);
        Assert.True(rig.Autopilot.Velocity.Y < 0, "rolled to the right it slides to the right, which is -y");
        Assert.True(rig.Autopilot.Velocity.X < 0, "pitched up it slides back");
    }

    [Theory]
    [MemberData(nameof(Flavours))]
    public void PowerCut_InFlight_StopsTheMotors(AutopilotKind flavour)
    {
        using var rig = new VehicleRig(flavour, VehicleSetpoint.Velocity);
        rig.TakeOff();
        rig.Run(1.5, SafetyAction.PowerCut);
        Assert.False(rig.Autopilot.Armed);
    }

    [Fact]
    public void PilotTakesOver_IsNotFoughtAndNeedsANewArming()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.TakeOff();
        rig.Autopilot.PilotTakesOver();
        rig.Run(3, SafetyAction.Nominal, 1, 0, 0, 0);
        Assert.Equal(EmulatedMode.Hold, rig.Autopilot.Mode);
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        rig.Run(1, SafetyAction.PowerCut);
        Assert.True(rig.Autopilot.Armed, "the vehicle is the pilot's: its motors must not stop");
        Assert.Equal(EngagementStage.Idle, rig.Driver.Engagement);
    }

    [Fact]
    public void ArmingRefused_DiagnosisCarriesTheAutopilotsWords()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.MakeReady();
        rig.Autopilot.ArmingRefusal = "Arming denied: accel uncalibrated";
        rig.Run(5, SafetyAction.Nominal, 0, 0, 0, 0);
        Assert.Equal(EngagementStage.Refused, rig.Driver.Engagement);
        Assert.Contains("accel uncalibrated", rig.Driver.Diagnosis, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultCommand_IsRefusedAndNothingIsSent()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.MakeReady();
        Assert.Equal(WriteStatus.Refused, rig.Driver.Write(default));
        Assert.Equal(WriteStatus.Refused, rig.Driver.Write(CommandForge.Make([0, 0])));
        rig.Run(1);
        Assert.Equal(0, rig.Autopilot.Setpoints);
    }

    [Fact]
    public void BufferFull_WriteNeverBlocksAndTheNewestWins()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.TakeOff();
        rig.Faults.Faults = new StreamFaults { BufferFull = true };
        WriteStatus status = WriteStatus.Ok;
        for (int i = 0; i < 5; i++)
            status = rig.Tick(SafetyAction.Nominal, i, 0, 0, 0);
        Assert.Equal(WriteStatus.Replaced, status);
        long before = rig.Autopilot.Setpoints;
        rig.Faults.Faults = new StreamFaults();
        rig.Tick(SafetyAction.Nominal, 9, 0, 0, 0); // sends the newest waiting one and its own: nothing older
        rig.Autopilot.AdvanceTo(rig.Autopilot.TimeNs + VehicleRig.TickNs);
        Assert.InRange(rig.Autopilot.Setpoints - before, 1, 2);
    }

    [Fact]
    public void TenPercentByteLoss_KeepsFlyingOnWhatArrives()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.TakeOff();
        rig.Faults.Faults = new StreamFaults { ByteLoss = 0.1 };
        rig.Run(20, SafetyAction.Nominal, 0, 0, 0, 0);
        // A frame of 65 bytes survives 0.9^65 = 0.1 %, so set-points all but stop: the firmware must hold by itself.
        Assert.True(rig.Autopilot.Armed);
        Assert.InRange(rig.Height, 4, 6);
        Assert.True(Math.Abs(rig.Autopilot.Velocity.X) < 0.1);
    }

    [Fact]
    public void BitErrors_OneInTenThousand_FlightGoesOn()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.TakeOff();
        rig.Faults.Faults = new StreamFaults { BitError = 1e-4 };
        rig.Run(10, SafetyAction.Nominal, 1, 0, 0, 0);
        Assert.Equal(EngagementStage.Active, rig.Driver.Engagement);
        Assert.InRange(rig.Autopilot.Velocity.X, 0.8, 1.2);
        Assert.True(rig.Driver.Vehicle.Link.Received.CheckFailures > 0);
    }

    [Fact]
    public void ReadAndWrite_Flying_AllocateNothing()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity);
        rig.TakeOff();
        var command = CommandForge.Make([0, 0, 0, 0]);
        var scratch = new byte[4096];
        // The emulator is not part of the claim, so its bytes are made outside the measured part.
        long allocated = 0;
        for (int i = 0; i < 400; i++)
        {
            rig.Clock.Advance(VehicleRig.TickNs);
            rig.Autopilot.AdvanceTo(rig.Autopilot.TimeNs + VehicleRig.TickNs);
            long before = GC.GetAllocatedBytesForCurrentThread();
            rig.Driver.Read(rig.Sample);
            rig.Driver.Write(command);
            allocated += i < 100 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.Equal(EngagementStage.Active, rig.Driver.Engagement);
        Assert.Equal(0, allocated);
    }
}
