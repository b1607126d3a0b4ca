using System.Globalization;
using Robotics.Cli.Demo;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Bench;

/// <summary>Kills a robot's agent (SIGKILL, the real process) while it installs one policy after another, and looks what its successor finds.</summary>
/// <remarks>A learner publishes the next version as soon as the last one is installed, so that most kills fall between download and disk.
/// This process stands in for control: it only tells that it has started and needs a policy.</remarks>
internal sealed class SwapKills : IDisposable
{
    private const long PatienceNs = 60_000_000_000;
    private const int MostDelayMs = 40; // a few installations with fsync

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"bench-kills-{Environment.ProcessId}");
    private readonly string _folder = Directory.CreateTempSubdirectory("robotics-bench-").FullName;
    private readonly string _run;
    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory;
    private readonly SwapLearner _learner;
    private readonly AutoResetEvent _changed = new(false);
    private readonly SeededRandom _random = new(1, "kills");
    private readonly byte[] _image = new byte[EdgeMemory.MaxImageBytes];
    private uint _published;
    private PolicyIdentity _offered;

    /// <summary>For the robot and task of <paramref name="run"/>.</summary>
    public SwapKills(string run)
    {
        _run = run;
        _robot = RobotRig.Load(RunDescription.Load(run), new ManualClock(1));
        _memory = EdgeMemory.Open(_name);
        _learner = new SwapLearner(Path.Combine(_folder, "store"));
    }

    /// <summary>Where the robot's policies are.</summary>
    public string Store => Path.Combine(_folder, "bundles");

    /// <summary>Kills and restarts; gives how often exactly one valid policy was installed after a kill, that policy was at least as new as
    /// what control had been given, and the next agent offered it.</summary>
    public int Run(int kills)
    {
        int good = 0;
        for (int kill = 0; kill < kills; kill++)
        {
            PolicyIdentity installed = new PolicyStore(Store).Installed;
            using RoboticsProcess agent = StartAgent();
            Tell((ulong)kill + 1);
            bool isTakenUp = !installed.IsSome || (Await(agent, () => _offered.IsSome) && _offered == installed);
            InstallUntilKilled(agent);
            good += isTakenUp && IsWhole() ? 1 : 0;
            _offered = PolicyIdentity.None;
        }
        return good;
    }

    public void Dispose()
    {
        _learner.Dispose();
        _memory.Dispose();
        EdgeMemory.Delete(_name);
        _robot.Dispose();
        _changed.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private RoboticsProcess StartAgent() => new(
        _changed, null, ["agent", _run, "--memory", _name, "--folder", _folder, "--endpoint", _learner.Endpoint]);

    // As control does when it has started: a boot of its own, and no policy yet.
    private void Tell(ulong boot) => new ControlStatus { Boot = boot }.PutInto(_memory.Status);

    private void InstallUntilKilled(RoboticsProcess agent)
    {
        int installs = 1 + _random.NextInt(3);
        for (int i = 0; i < installs; i++)
        {
            Publish();
            Await(agent, () => _offered.Counter == _published);
        }
        Publish();
        LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + (_random.NextInt(MostDelayMs * 1000) * 1000L));
        agent.Kill();
        Look();
    }

    private bool IsWhole()
    {
        var store = new PolicyStore(Store);
        return store.TryReadInstalled(out PolicyBundle? bundle, out IReadOnlyList<BundleRefusal> skipped)
            && skipped.Count == 0
            && store.List().Count(p => p.IsInstalled) == 1
            && (bundle!.Identity == _offered || bundle.Identity.IsNewerThan(_offered));
    }

    private void Publish()
    {
        var network = NetworkSpec.Mlp([_robot.Task.ObservationLength, 64, 64, _robot.Task.ActionLength], Activation.FastTanh, Activation.FastTanh);
        var manifest = new PolicyManifest
        {
            Name = "bench kills",
            Identity = new PolicyIdentity(1, 1, ++_published, 0),
            SchemaHash = _robot.Task.SchemaHash,
            PolicyRateHz = _robot.Task.PolicyRateHz,
            Network = network,
        };
        byte[] bytes = PolicyBundleWriter.Write(manifest, new float[network.ParameterCount]);
        if (!PolicyBundle.TryRead(bytes, out PolicyBundle? bundle, out BundleRefusal refusal))
            throw new FailureException(refusal.ToString());
        _learner.PublishAt(MonotonicClock.Instance.NowNs, bundle!, _ => { });
    }

    private void Look()
    {
        int length = _memory.Policies.TryTake(_image);
        var layers = new LayerSpec[NetworkSpec.MaxLayers];
        if (length >= 0 && NetworkImage.TryRead(_image.AsSpan(0, length), layers, out _, out NetworkImageFacts facts, out _) == NetworkImageStatus.Ok)
            _offered = facts.Identity;
    }

    private bool Await(RoboticsProcess agent, Func<bool> condition)
    {
        long deadline = MonotonicClock.Instance.NowNs + PatienceNs;
        for (Look(); !condition(); Look())
        {
            if (agent.HasExited || MonotonicClock.Instance.NowNs > deadline)
                throw new FailureException($"bench swap: the agent installed nothing: {agent.Errors}");
            _memory.Policies.Wait(10);
        }
        return true;
    }
}
