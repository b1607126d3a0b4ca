using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

/// <summary>A robot with a camera: each step's record has what was seen at its start, the last one of an episode also what was seen after it.</summary>
public sealed class CameraFlightTests : IDisposable
{
    private readonly ManualClock _clock = new(1);
    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly ControlRig _rig;
    private readonly LockstepPacer _pacer;

    public CameraFlightTests()
    {
        _robot = RobotRig.Load(RunDescription.Load(Path.Combine(SharedData.RepositoryRoot, "runs", "camera-hover.yaml")), _clock);
        _rig = new ControlRig(_robot, _clock, _memory, boot: 7, new FlightOptions());
        _pacer = new LockstepPacer(_clock, _robot.PeriodNs);
        _memory.Policies.TryPut(Rehearsal.IdlePolicy(_robot.Task));
    }

    public void Dispose()
    {
        _rig.Dispose();
        _memory.Dispose();
        _robot.Dispose();
    }

    // 9.9 MB/s: an agent that dies has the ten seconds that spool.ring_seconds promises, not the 1.7 s of a ring made for states.
    [Fact]
    public void RingBytes_CameraAtTwoHundredHertz_HoldsTheSecondsOfTheRunFile()
    {
        Assert.Equal(10, _robot.Run.RingSeconds);
        Assert.Equal(1 << 27, _robot.RingBytes);
        Assert.InRange(_robot.RingSeconds, 10, 20);
    }

    [Fact]
    public void Tick_EachStep_RecordsWhatTheCameraSawThenAndAtTheEndWhatItSawAfter()
    {
        Assert.Equal(128 * 128 * 3, _robot.Schema.ImageBytes);
        var record = new TransitionRecord(_robot.Schema);
        var seen = new Dictionary<ulong, byte[]>();
        long records = 0, endings = 0;
        for (int tick = 0; tick < 1000; tick++)
        {
            _pacer.WaitForNextTick();
            _rig.Loop.Tick();
            if (_rig.IsFlying)
                seen[(ulong)_rig.Recorded + 1] = Look();
            while (_memory.Records.TryRead(out ReadOnlySpan<byte> frame))
            {
                Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(frame, record, out _));
                Assert.True(record.Images.SequenceEqual(seen[record.Identity.Sequence]), $"record {record.Identity}");
                seen.Remove(record.Identity.Sequence);
                records++;
                endings += record.HasFinal && !record.FinalImages.SequenceEqual(record.Images) && record.FinalImages.IndexOfAnyExcept((byte)0) >= 0 ? 1 : 0;
                _memory.Records.Release();
            }
        }
        Assert.True(records > 900 && endings == _rig.EpisodesEnded && endings > 2, $"{records} records, {endings} of {_rig.EpisodesEnded} endings seen");
    }

    [Fact]
    public void Tick_WithACamera_AllocatesNothing()
    {
        void Run()
        {
            _pacer.WaitForNextTick();
            _rig.Loop.Tick();
            while (_memory.Records.TryRead(out _))
                _memory.Records.Release();
        }
        AllocationGuard.AssertNone(Run, times: 500);
    }

    private byte[] Look()
    {
        var image = new byte[_robot.Schema.ImageBytes];
        _robot.Cameras!.ReadImages(image);
        return image;
    }
}
