namespace Robotics.Teleop.Tests.Messages;

public sealed class TeleopMessageTests
{
    private const ulong Session = 0x1122334455667788;
    private readonly byte[] _buffer = new byte[TeleopMessage.MaxBytes];

    // Golden bytes of docs/formats/teleop.md: a motion frame with the switch held, one action pressed and two motions.
    [Fact]
    public void Motion_Written_HasTheDocumentedLayout()
    {
        var motion = new TeleopMotion { Nonce = 0x0102030405060708, Sequence = 5, EchoNs = 0x10, Held = true, Action = TeleopAction.Success, ActionCount = 1, Motions = (float[])[0.5f, -1] };
        Assert.Equal(
            "5242545001000400" + "8877665544332211" + "0807060504030201" + "0500000000000000" + "1000000000000000" + "01010200" + "01000000" + "0000003f" + "000080bf",
            Convert.ToHexStringLower(motion.Write(_buffer, Session)));
        byte[] bytes = motion.Write(_buffer, Session).ToArray();
        Assert.True(TeleopMessage.TryReadHead(bytes, out TeleopKind kind, out ulong session));
        Assert.Equal((TeleopKind.Motion, Session), (kind, session));
        Assert.True(TeleopMotion.TryRead(bytes, new float[TeleopMessage.MaxMotions], out TeleopMotion read));
        Assert.Equal((motion.Nonce, 5UL, 0x10L, true, TeleopAction.Success, 1u), (read.Nonce, read.Sequence, read.EchoNs, read.Held, read.Action, read.ActionCount));
        Assert.Equal([0.5f, -1], read.Motions.ToArray());
    }

    [Fact]
    public void Others_RoundTrip()
    {
        Assert.True(TeleopHello.TryRead(new TeleopHello("ann", "gamepad", ["forward", "left"]).Write(_buffer, Session), out TeleopHello? hello));
        Assert.Equal(("ann", "gamepad", "left"), (hello!.Operator, hello.Device, hello.Motions[1]));
        Assert.True(TeleopGrant.TryRead(new TeleopGrant(7, 100, 2, "sim-quad").Write(_buffer, Session), out TeleopGrant? grant));
        Assert.Equal(new TeleopGrant(7, 100, 2, "sim-quad"), grant);
        Assert.True(TeleopRefusal.TryRead(new TeleopRefusal("no").Write(_buffer, Session), out TeleopRefusal? refusal));
        Assert.Equal("no", refusal!.Reason);
        var state = new TeleopState
        {
            AgentTimeNs = 9,
            Lease = LeaseState.Waiting,
            Authority = ActionSource.Human,
            Action = SafetyAction.Clamp,
            Arming = 1,
            Causes = SafetyCauses.Rate,
            Episodes = 3,
            Ticks = 4,
            DistanceM = 0.5f,
            Accepted = 6,
            Refused = 7,
            LastRefusal = FrameVerdict.Stale,
            Holder = "bob",
        };
        Assert.True(TeleopState.TryRead(state.Write(_buffer, Session), out TeleopState? read));
        Assert.Equal(state, read);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1.0001f)]
    public void Motion_ValueOutOfRange_IsRefused(float value)
    {
        byte[] bytes = new TeleopMotion { Motions = (float[])[0, value] }.Write(_buffer, Session).ToArray();
        Assert.False(TeleopMotion.TryRead(bytes, new float[TeleopMessage.MaxMotions], out _));
    }

    // Any bytes, and any change of good ones: a status, never an exception, and whatever is taken is in range.
    [Fact]
    [Trait("Category", "Property")]
    public void TryRead_FuzzedBytes_NeverThrowsAndNeverTakesNonsense()
    {
        var random = new SeededRandom(5, "fuzz");
        byte[][] good =
        [
            new TeleopMotion { Nonce = 1, Sequence = 1, Motions = (float[])[0.1f, 0.2f, 0.3f, 0.4f] }.Write(_buffer, Session).ToArray(),
            new TeleopHello("ann", "pad", ["forward"]).Write(_buffer, Session).ToArray(),
            new TeleopGrant(1, 2, 3, "r").Write(_buffer, Session).ToArray(),
            new TeleopState { Holder = "bob" }.Write(_buffer, Session).ToArray(),
            new TeleopRefusal("why").Write(_buffer, Session).ToArray(),
        ];
        var motions = new float[TeleopMessage.MaxMotions];
        int taken = 0;
        for (int k = 0; k < 100_000; k++)
        {
            byte[] bytes = [.. good[random.NextInt(good.Length)]];
            for (int j = random.NextInt(4); j >= 0; j--)
                bytes[random.NextInt(bytes.Length)] = (byte)random.NextInt(256);
            bytes = bytes[..Math.Min(bytes.Length, random.NextInt(3) == 0 ? random.NextInt(bytes.Length + 1) : bytes.Length)];
            if (!TeleopMessage.TryReadHead(bytes, out TeleopKind kind, out _))
                continue;
            switch (kind)
            {
                case TeleopKind.Motion when TeleopMotion.TryRead(bytes, motions, out TeleopMotion m):
                    foreach (float value in m.Motions)
                        Assert.InRange(value, -1f, 1f);
                    taken++;
                    break;
                case TeleopKind.Hello when TeleopHello.TryRead(bytes, out TeleopHello? h):
                    Assert.True(h!.Motions.Count <= TeleopMessage.MaxMotions);
                    taken++;
                    break;
                case TeleopKind.State when TeleopState.TryRead(bytes, out _):
                case TeleopKind.Grant when TeleopGrant.TryRead(bytes, out _):
                case TeleopKind.Refuse when TeleopRefusal.TryRead(bytes, out _):
                    taken++;
                    break;
                default:
                    break;
            }
        }
        Assert.InRange(taken, 1000, 99_000);
    }
}
