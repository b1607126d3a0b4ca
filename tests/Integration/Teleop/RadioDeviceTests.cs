using System.Net;
using System.Net.Sockets;
using Robotics.Cli.Teleop;
using Robotics.Core;
using Robotics.Drivers.Serial.Radio;

namespace Robotics.Integration.Tests.Teleop;

/// <summary>A CRSF receiver at the other end of a byte stream, as a teleoperation device.</summary>
public sealed class RadioDeviceTests
{
    [Fact]
    public void Poll_FramesOverAByteStream_GiveSticksAndSwitchesAndFallSilentWithTheReceiver()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var radio = new RadioDevice($"tcp:127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        using (TcpClient receiver = listener.AcceptTcpClient())
        {
            NetworkStream line = receiver.GetStream();
            byte[] frame = Frame(roll: 1244, pitch: 2012, deadman: 2000);
            Assert.True(Await(radio, () => line.Write(frame), () => radio.Device.IsHeld(0)), "the dead man's switch was not seen within 20 s");
            Assert.Equal((1f, 0.5f), (radio.Device.Axis(0), radio.Device.Axis(1)), Close); // pitched forward; rolled left
            Assert.Equal((0f, 0f), (radio.Device.Axis(2), radio.Device.Axis(3)), Close);
            Assert.False(radio.Device.IsHeld(1));
            byte[] released = Frame(roll: 1500, pitch: 2012, deadman: 1000);
            Assert.True(Await(radio, () => line.Write(released), () => !radio.Device.IsHeld(0)), "the released switch was not seen within 20 s");
            Assert.True(radio.Device.IsPresent);
        }
        Assert.True(Await(radio, () => { }, () => !radio.Device.IsPresent), "the radio did not fall silent");
        Assert.Equal(0, radio.Device.Axis(0));
    }

    private static bool Close((float A, float B) x, (float A, float B) y) => Math.Abs(x.A - y.A) < 0.01f && Math.Abs(x.B - y.B) < 0.01f;

    private static byte[] Frame(float roll, float pitch, float deadman)
    {
        var us = new float[CrsfChannels.Count];
        us.AsSpan().Fill(1500);
        (us[0], us[1], us[4]) = (roll, pitch, deadman);
        var frame = new byte[CrsfChannels.FrameBytes];
        CrsfChannels.Write(frame, us);
        return frame;
    }

    private static bool Await(RadioDevice radio, Action each, Func<bool> condition)
    {
        using var pause = new ManualResetEventSlim();
        long deadline = MonotonicClock.Instance.NowNs + 20_000_000_000;
        while (MonotonicClock.Instance.NowNs < deadline)
        {
            each();
            radio.Poll(MonotonicClock.Instance.NowNs);
            radio.Device.Poll(MonotonicClock.Instance.NowNs);
            if (condition())
                return true;
            pause.Wait(10);
        }
        return false;
    }
}
