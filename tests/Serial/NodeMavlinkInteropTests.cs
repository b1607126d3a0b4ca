using System.Diagnostics;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

/// <summary>The independent implementation node-mavlink on the other side: it decodes what we send, we decode what it sends.</summary>
public sealed class NodeMavlinkInteropTests
{
    [Fact]
    public void NodeMavlink_DecodesEverythingWeSend_AndWeDecodeEverythingItSends()
    {
        string folder = Folder();
        string[] lines = Talk(folder, "peer.mjs", Everything());
        string[] heard = [.. lines.Where(l => l.StartsWith("IN ", StringComparison.Ordinal))];
        Assert.Equal("0 111 76 23 20 82 82 84 84", string.Join(' ', heard.Select(l => l.Split(' ')[1])));
        Assert.StartsWith("IN 82 5 ", heard[5], StringComparison.Ordinal);
        Assert.Contains("0.25 -0.5 -0.75 0.625", heard[5], StringComparison.Ordinal); // rates FRD and thrust
        Assert.Contains("1.5 2 -0.25", heard[7], StringComparison.Ordinal); // velocity NED
        Assert.Contains("\"COM_OF_LOSS_T\"", heard[3], StringComparison.Ordinal);
        CheckWhatItSent([.. lines.Where(l => l.StartsWith("OUT ", StringComparison.Ordinal)).Select(l => Convert.FromHexString(l[4..]))]);
    }

    // Every message both sides know: it takes our frame apart into fields, makes a frame of them, and that is ours again.
    [Fact]
    public void NodeMavlink_EveryMessageOfOurTable_ComesBackByteForByte()
    {
        using var sent = new MemoryStream();
        for (int row = 0; row < MavlinkTable.Count; row++)
            sent.Write(FullFrame(MavlinkTable.At(row), int.MaxValue));
        string[][] lines = [.. Talk(Folder(), "echo.mjs", sent.ToArray()).Select(l => l.Split(' '))];
        foreach (string[] line in lines)
        {
            Assert.True(MavlinkTable.TryFind(uint.Parse(line[1]), out MavlinkMessageFacts facts));
            // Its definitions are older in a few messages: it cuts what it does not know.
            Assert.Equal((line[1], Convert.ToHexStringLower(FullFrame(facts, int.Parse(line[2])))), (line[1], line[3]));
        }
        Assert.Equal(lines.Length, lines.DistinctBy(l => l[1]).Count());
        Assert.True(lines.Length >= 300, $"it knew {lines.Length} messages of {MavlinkTable.Count}");
    }

    // Something in every byte: finite as floating point, no end of a text, other bytes in each message.
    private static byte[] FullFrame(MavlinkMessageFacts facts, int maxLength)
    {
        byte[] payload = [.. Enumerable.Range(0, Math.Min(facts.Length, maxLength)).Select(i => (byte)('A' + ((i + facts.Id) % 26)))];
        return new MavlinkEncoder((byte)(facts.Id % 200), 191) { Sequence = (byte)facts.Id }.Encode(facts.Id, payload).ToArray();
    }

    private static string Folder()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "tests", "Serial", "interop");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "node-mavlink")), $"needs node-mavlink: run npm install in {folder}");
        return folder;
    }

    private static byte[] Everything()
    {
        var pair = new MemoryStreamPair();
        var vehicle = new MavlinkVehicle(pair.Host, new ManualClock(5_000_000_000), 1);
        vehicle.Poll(); // heartbeat and time question
        vehicle.StartArm(true);
        vehicle.StartWrite("COM_OF_LOSS_T", 0.5, integer: false);
        vehicle.StartRead("COM_OBL_RC_ACT", integer: true);
        vehicle.SendRates([0.25f, 0.5f, 0.75f], 0.625f);
        vehicle.SendAttitude([1, 0, 0, 0], 0.5f);
        vehicle.SendVelocity([1.5f, -2, 0.25f], 0.1f);
        vehicle.SendPosition([1, 2, 3], 0.2f);
        var bytes = new byte[8192];
        pair.Device.TryRead(bytes, out int n);
        return bytes[..n];
    }

    private static void CheckWhatItSent(byte[][] frames)
    {
        Assert.Equal(4, frames.Length);
        var scanner = new MavlinkScanner();
        var ids = new List<uint>();
        foreach (byte[] bytes in frames)
        {
            bytes.CopyTo(scanner.Free);
            scanner.Commit(bytes.Length);
            Assert.True(scanner.TryNext(out MavlinkFrame frame));
            ids.Add(frame.Id);
            if (frame.Id == AttitudeQuaternion.Id)
                Assert.Equal((-0.5f, 1.5f), (new AttitudeQuaternion(frame.Payload).Q2, new AttitudeQuaternion(frame.Payload).Yawspeed));
            if (frame.Id == CommandAck.Id)
                Assert.Equal((400, 7), (new CommandAck(frame.Payload).Command, new CommandAck(frame.Payload).Progress));
        }
        Assert.Equal([0u, 31u, 32u, 77u], ids);
        Assert.Equal(0, scanner.SkippedBytes);
    }

    private static string[] Talk(string folder, string peer, byte[] input)
    {
        var start = new ProcessStartInfo("node", peer) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process node = Process.Start(start)!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(); // before it is asked: a full pipe would stop it, and us
        node.StandardInput.BaseStream.Write(input);
        node.StandardInput.Close();
        node.WaitForExit();
        return output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
