using System.Diagnostics;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Transport.Tests;

/// <summary>examples/python_learner.py attaches to a real edge link, and what it publishes passes the edge's gate and does what it learnt.</summary>
[Trait("Category", "Interop")]
public sealed class PythonLearnerTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const long PatienceNs = 120_000_000_000;
    private const ulong PythonRun = 0x507974686F6E; // "Python", as the example names its run
    private readonly string _root = Directory.CreateTempSubdirectory("robotics-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PythonLearner_LearnsFromTheLink_SendsAPolicyThatPassesTheGate(bool curve)
    {
        Assert.SkipUnless(ZmqContext.IsAvailable(out string problem), problem);
        Assert.SkipUnless(Works("import torch, zmq, numpy, msgpack"), "needs python3-zmq, python3-msgpack and python3-torch");
        var schema = new TransitionSchema("imitate", 0xABCDEF, 3, 0, 2, 2);
        string keys = Path.Combine(_root, "keys");
        LinkKeys.Create(keys, 7);
        using Process learner = Start(curve ? ["--keys", keys] : []);
        try
        {
            string endpoint = learner.StandardOutput.ReadLine()!.Split(' ')[1];
            (CurveKeyPair pair, string learnerKey) = LinkKeys.LoadEdge(keys, 7);
            using var channel = new ZmqEdgeChannel(endpoint, curve ? pair : null, curve ? learnerKey : null);
            using SpoolWriter spool = SpoolWriter.Open(Path.Combine(_root, "spool"), new SpoolStream(7, 1), schema, new SpoolOptions());
            using var edge = new EdgeLink(spool, channel);
            Record(spool, schema, 1000);
            PolicyBundle bundle = Fetch(edge, out PolicyIdentity told);
            Assert.Equal(1000ul, edge.Acknowledged);
            Assert.Equal(told, bundle.Identity);
            var gate = new PolicyGate(
                new PolicyExpectations { SchemaHash = schema.TaskHash, ObservationLength = 3 + (2 * 2), ActionLength = 2, PolicyRateHz = 100, InferenceBudgetNs = 1_000_000_000 },
                MonotonicClock.Instance);
            Assert.True(gate.Check(bundle, PolicyIdentity.None, out BundleRefusal refusal), refusal.ToString());
        }
        finally
        {
            learner.Kill();
            learner.WaitForExit();
        }
    }

    // The whole river: a simulated robot flies the fresh network of a Python program, what it records is learnt from there, and what comes back is verified and flown.
    [Fact]
    public void PythonLearner_FlyingEdge_FliesItsPoliciesOneAfterTheOther()
    {
        Assert.SkipUnless(ZmqContext.IsAvailable(out string problem), problem);
        Assert.SkipUnless(Works("import torch, zmq, numpy, msgpack"), "needs python3-zmq, python3-msgpack and python3-torch");
        using Process learner = Start([]);
        try
        {
            string endpoint = learner.StandardOutput.ReadLine()!.Split(' ')[1];
            RunDescription run = RunDescription.Load(Path.Combine(SharedData.RepositoryRoot, "runs", "hover.yaml"));
            var clock = new ManualClock(1);
            using RobotRig robot = RobotRig.Load(run, clock);
            using EdgeMemory memory = EdgeMemory.Private();
            var control = new ControlRig(robot, clock, memory, boot: 1, new FlightOptions());
            using var channel = new ZmqEdgeChannel(endpoint, null, null);
            var options = new AgentOptions
            {
                Robot = robot.RobotId,
                Boot = 1,
                Schema = robot.Schema,
                SpoolFolder = Path.Combine(_root, "spool"),
                Spool = new SpoolOptions(),
                RecordingFolder = Path.Combine(_root, "mcap"),
            };
            var gate = new PolicyGate(
                new PolicyExpectations
                {
                    SchemaHash = robot.Task.SchemaHash,
                    ObservationLength = robot.Task.ObservationLength,
                    ActionLength = robot.Task.ActionLength,
                    PolicyRateHz = robot.Task.PolicyRateHz,
                    InferenceBudgetNs = 1_000_000_000,
                },
                MonotonicClock.Instance);
            var counters = new SortedSet<uint>();
            using (var agent = new AgentLoop(memory, options, channel, gate, new PolicyStore(Path.Combine(_root, "bundles"), flush: false)))
            {
                var edge = new LockstepEdge(control, robot, agent, clock, MonotonicClock.Instance, ticksPerTurn: 20) { Steps = 3000, StatusBox = memory.Status };
                long start = MonotonicClock.Instance.NowNs;
                while (!(edge.IsDone && counters.Count > 1) && MonotonicClock.Instance.NowNs - start < PatienceNs)
                {
                    edge.Turn(mayBlock: true);
                    if (edge.IsDone)
                        control.Loop.Tick(); // a policy that comes after the last step still takes over
                    if (control.HasPolicy && control.Policy.Run == PythonRun)
                        counters.Add(control.Policy.Counter);
                }
                Assert.True(edge.IsDone, $"acknowledged {agent.Acknowledged}: {agent.Link?.Trouble} {agent.Policies.LastRefusal}");
                Assert.Equal((0L, ""), (agent.Policies.Refused, agent.Policies.LastRefusal));
            }
            Assert.True(counters.Count > 1 && counters.Min == 0, string.Join(' ', counters));
            string recording = Assert.Single(Directory.GetFiles(options.RecordingFolder));
            Assert.True(McapImport.Read(recording, Path.Combine(_root, "copy"), out McapStatus status) >= 3000 && status == McapStatus.End);
        }
        finally
        {
            learner.Kill();
            learner.WaitForExit();
        }
    }

    private static PolicyBundle Fetch(EdgeLink edge, out PolicyIdentity told)
    {
        told = default;
        long start = MonotonicClock.Instance.NowNs;
        while (MonotonicClock.Instance.NowNs - start < PatienceNs)
        {
            edge.Pump(MonotonicClock.Instance.NowNs);
            edge.Wait(1);
            if (!edge.TryTakePolicy(out ReadOnlyMemory<byte> bytes, out told) || edge.Acknowledged < 1000 || told.Counter == 0)
                continue; // counter 0 is the fresh network, published before anything was recorded
            Assert.True(PolicyBundle.TryAdopt(bytes, null, out PolicyBundle? bundle, out BundleRefusal refusal), refusal.ToString());
            return bundle!;
        }
        Assert.Fail($"no policy: {edge.State} {edge.Trouble}, acknowledged {edge.Acknowledged}");
        return null!;
    }

    private static void Record(SpoolWriter spool, TransitionSchema schema, int count)
    {
        var record = new TransitionRecord(schema);
        var random = new SeededRandom(1, "imitate");
        var bytes = new byte[schema.FinalRecordLength];
        for (int i = 1; i <= count; i++)
        {
            record.Identity = new TransitionIdentity(7, 1, (ulong)i);
            record.Episode = (ulong)i / 100;
            record.Step = (uint)(i % 100);
            foreach (ref float value in record.Frame)
                value = (float)random.NextUniform(-1, 1);
            record.Executed[0] = record.Frame[0] / 2;
            record.Executed[1] = -record.Frame[1] / 2;
            spool.Append(bytes.AsSpan(0, TransitionCodec.Encode(record, bytes)));
        }
        spool.Flush();
    }

    private static Process Start(string[] arguments)
    {
        string script = Path.Combine(SharedData.RepositoryRoot, "examples", "python_learner.py");
        return Process.Start(new ProcessStartInfo(Python, [script, "--bind", "tcp://127.0.0.1:*", "--every", "1000", .. arguments])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
    }

    private static bool Works(string program)
    {
        if (!File.Exists(Python))
            return false;
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", program]) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
