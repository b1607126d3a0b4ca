using System.Diagnostics;
using System.Text.Json;
using Robotics.Tests.Shared;

namespace Robotics.Experience.Tests;

/// <summary>What we export is read by the format's own reference library and decoded by an independent ROS 2 decoder.</summary>
[Trait("Category", "Interop")]
public sealed class McapTests
{
    private const string Program = """
        const fs = require('fs');
        const { McapIndexedReader, McapStreamReader } = require('@mcap/core');
        const { parse } = require('@foxglove/rosmsg');
        const { MessageReader } = require('@foxglove/rosmsg2-serialization');
        const bytes = fs.readFileSync(process.argv[2]);
        const readable = { size: async () => BigInt(bytes.length), read: async (o, n) => bytes.subarray(Number(o), Number(o + n)) };
        (async () => {
          const indexed = await McapIndexedReader.Initialize({ readable });
          const schema = [...indexed.schemasById.values()][0];
          const decoder = new MessageReader(parse(new TextDecoder().decode(schema.data), { ros2: true }));
          const out = { profile: indexed.header.profile, schema: schema.name, count: 0, sequences: 0, frame0: 0, finals: 0, executed1: 0, streamed: 0 };
          for await (const m of indexed.readMessages()) {
            const t = decoder.readMessage(m.data);
            out.count++; out.sequences += Number(t.sequence); out.frame0 += t.frame[0]; out.finals += t.final_frame.length; out.executed1 += t.executed[1];
          }
          const stream = new McapStreamReader(); stream.append(bytes);
          for (let r; (r = stream.nextRecord()); ) if (r.type === 'Message') out.streamed++;
          console.log(JSON.stringify(out));
        })();
        """;

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

    private static JsonElement Node(string modules, string path)
    {
        string script = Path.Combine(modules, "read.cjs");
        File.WriteAllText(script, Program);
        using Process node = Start("node", modules, script, path);
        string output = node.StandardOutput.ReadToEnd();
        string error = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, error);
        return JsonDocument.Parse(output).RootElement;
    }

    // Installed once into the ignored artifacts folder; pinned, so that a test means the same tomorrow.
    private static string RequireModules()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "artifacts", "npm-mcap");
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@mcap", "core")))
        {
            Assert.SkipUnless(File.Exists("/usr/bin/npm"), "needs npm (apt-get install nodejs npm)");
            using Process npm = Start("npm", folder, "install", "--no-audit", "--no-fund", "@mcap/core@2.2.2", "@foxglove/rosmsg@5.0.5", "@foxglove/rosmsg2-serialization@3.1.0");
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            Assert.SkipUnless(npm.ExitCode == 0, "needs @mcap/core from npm, which could not be installed");
        }
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
