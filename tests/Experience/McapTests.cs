using System.Diagnostics;
using System.Text.Json;
using Robotics.Tests.Shared;

namespace Robotics.Experience.Tests;

/// <summary>What we export is read by the format's own reference library and decoded by an independent ROS 2 decoder.</summary>
[Trait("Category", "Interop")]
public sealed class McapTests
{
    [Fact]
    public void Write_TwoEpisodes_IsReadByTheReferenceLibraryAndDecoded()
    {
        string modules = RequireModules();
        using var folder = new TemporaryFolder();
        var stream = new SpoolStream(7, 9);
        using (SpoolWriter spool = SpoolWriter.Open(folder.Path, stream, Transitions.Schema, new SpoolOptions()))
        {
            for (ulong sequence = 1; sequence <= 9000; sequence++)
                spool.Append(Transitions.Encode(sequence, last: sequence % 3000 == 0));
        }
        string path = Path.Combine(folder.Path, "out.mcap");
        Assert.Equal(9000, McapExport.Write(folder.Path, stream, path));
        JsonElement read = Node(modules, path);
        Assert.Equal(("ros2", "robotics_msgs/msg/Transition"), (read.GetProperty("profile").GetString(), read.GetProperty("schema").GetString()));
        Assert.Equal((9000, 9000), (read.GetProperty("count").GetInt32(), read.GetProperty("streamed").GetInt32()));
        double sum = 9000.0 * 9001 / 2;
        Assert.Equal((sum, sum), (read.GetProperty("sequences").GetDouble(), read.GetProperty("frame0").GetDouble()));
        Assert.Equal(sum + (9000 * 400.25), read.GetProperty("executed1").GetDouble());
        Assert.Equal(3 * 3, read.GetProperty("finals").GetInt32());
    }

    [Fact]
    public void Recording_TwoBootsWhileTheyAreTaken_IsReadByTheReferenceLibraryAndDecoded()
    {
        string modules = RequireModules();
        using var folder = new TemporaryFolder();
        using (var recording = new McapRecording(folder.Path, Transitions.Schema))
        {
            foreach (ulong boot in (ulong[])[9, 10])
            {
                for (ulong sequence = 1; sequence <= 500; sequence++)
                {
                    byte[] bytes = Transitions.Encode(sequence, boot, last: sequence % 100 == 0);
                    Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryPeek(bytes, Transitions.Schema, out TransitionHeader header));
                    recording.Write(header, bytes);
                }
            }
            Assert.Equal((1000L, ""), (recording.Recorded, recording.Trouble));
        }
        string[] files = Directory.GetFiles(folder.Path, "*.mcap");
        Assert.Equal(2, files.Length);
        foreach (string file in files)
        {
            JsonElement read = Node(modules, file);
            Assert.Equal((500, 500, 500 * 501 / 2), (read.GetProperty("count").GetInt32(), read.GetProperty("streamed").GetInt32(), read.GetProperty("sequences").GetInt32()));
            Assert.Equal(5 * 3, read.GetProperty("finals").GetInt32());
        }
    }

    [Fact]
    public void Import_WhatWasExported_GivesTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        string spool = Path.Combine(folder.Path, "spool"), copy = Path.Combine(folder.Path, "copy"), path = Path.Combine(folder.Path, "out.mcap");
        var stream = new SpoolStream(7, 9);
        using (SpoolWriter writer = SpoolWriter.Open(spool, stream, Transitions.Schema, new SpoolOptions()))
        {
            for (ulong sequence = 1; sequence <= 5000; sequence++)
                writer.Append(Transitions.Encode(sequence, last: sequence % 300 == 0));
        }
        McapExport.Write(spool, stream, path);
        Assert.Equal(5000, McapImport.Read(path, copy, out McapStatus status));
        Assert.Equal(McapStatus.End, status);
        Assert.Equal(Records(spool, stream), Records(copy, stream));
        Assert.Equal(0, McapImport.Read(path, copy, out _));
    }

    // As a killed agent leaves a live recording: no index, cut at any byte.
    [Fact]
    public void Read_CutAnywhere_GivesAPrefixAndSaysSo()
    {
        byte[] whole = Transitions.Mcap(40);
        long most = 0;
        for (int length = 0; length < whole.Length; length += 13)
        {
            long count = Transitions.CountMcap(whole.AsSpan(0, length), out McapStatus status);
            Assert.True(count >= most && status is McapStatus.BadMagic or McapStatus.Truncated or McapStatus.End, $"{length}: {count} {status}");
            most = count;
        }
        Assert.Equal(40, Transitions.CountMcap(whole, out McapStatus end));
        Assert.Equal(McapStatus.End, end);
    }

    [Fact]
    public void Read_OneByteOfAChunkChanged_IsRefused()
    {
        byte[] bytes = Transitions.Mcap(40);
        bytes[bytes.Length / 2] ^= 1;
        Transitions.CountMcap(bytes, out McapStatus status);
        Assert.Equal(McapStatus.BadChecksum, status);
    }

    private static byte[] Records(string root, SpoolStream stream)
    {
        using SpoolReader reader = SpoolReader.Open(root, stream, Transitions.Schema);
        using var all = new MemoryStream();
        while (reader.TryRead(out ReadOnlySpan<byte> record, out _))
            all.Write(record);
        return all.ToArray();
    }

    private static JsonElement Node(string modules, string path)
    {
        using Process node = Start("node", modules, "read.cjs", path);
        string output = node.StandardOutput.ReadToEnd();
        string error = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static string RequireModules()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "tests", "peers", "mcap");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "@mcap", "core")), "needs @mcap/core: npm install --prefix tests/peers/mcap");
        return folder;
    }

    private static Process Start(string program, string folder, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;
}
