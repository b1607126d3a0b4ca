using System.Text;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>The bundles an edge keeps on disk: the installed one, those it had installed before, and what is pinned.</summary>
/// <remarks>
/// <para>A folder with one <c>.rpb</c> file per bundle, a file <c>installed</c> (one file name per line, the installed one first, then those
/// before it) and, where a policy is pinned, a file <c>pinned</c> (its file name); <c>refused</c> lists those that this robot refused in flight
/// or a person rolled back. Each is replaced by rename, the bundle before the
/// list that names it: a crash at any point leaves the old or the new policy installed, never none and never half of one.</para>
/// <para>Agent side: does file I/O and allocates; one thread. A command beside the agent is kept apart from it by a lock on the file <c>lock</c>.</para>
/// </remarks>
public sealed class PolicyStore
{
    private const string InstalledName = "installed";
    private const string PinnedName = "pinned";
    private const string RefusedName = "refused";
    private const string LockName = "lock";
    private const int MostRefused = 100; // the newest; a learner long past them does not publish the older ones again
    private static readonly TimeSpan s_lockDeadline = TimeSpan.FromSeconds(2); // an installation with fsync takes some 10 ms

    private readonly string _folder;
    private readonly int _keep;
    private readonly bool _flush;

    /// <summary>The store in <paramref name="folder"/>, which is made where it is missing; leftovers of a crash are removed.</summary>
    /// <param name="keep">Bundles kept, the installed one included.</param>
    /// <param name="flush">False where a crash of the machine need not be survived (simulated runs).</param>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    public PolicyStore(string folder, int keep = 20, bool flush = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 2);
        _folder = Path.GetFullPath(folder);
        _keep = keep;
        _flush = flush;
        Directory.CreateDirectory(_folder);
        TryDisk(
            () =>
            {
                foreach (string leftover in Directory.EnumerateFiles(_folder, "*" + DurableFile.TemporarySuffix))
                    File.Delete(leftover);
            },
            out _);
    }

    /// <summary>Stops inside <see cref="TryInstall"/> for tests: called with the name of each step done.</summary>
    internal Action<string>? StepDone { get; init; }

    /// <summary>Identity of the installed policy; <see cref="PolicyIdentity.None"/> where there is none. Its bundle is not read.</summary>
    public PolicyIdentity Installed =>
        ReadHistory() is [string first, ..] && PolicyFileName.TryParse(first, out PolicyIdentity identity) ? identity : PolicyIdentity.None;

    /// <summary>Identity of the pinned policy; <see cref="PolicyIdentity.None"/> where none is.</summary>
    public PolicyIdentity Pinned =>
        ReadLines(PinnedName) is [string name, ..] && PolicyFileName.TryParse(name, out PolicyIdentity identity) ? identity : PolicyIdentity.None;

    /// <summary>Keeps <paramref name="bundle"/> and makes it the installed one. It must have passed the gate.</summary>
    public bool TryInstall(PolicyBundle bundle, out BundleRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        PolicyIdentity pinned = Pinned;
        if (pinned.IsSome && pinned != bundle.Identity)
        {
            refusal = PinnedRefusal(bundle.Identity, pinned);
            return false;
        }
        string name = PolicyFileName.Of(bundle.Identity);
        return TryDisk(
            () =>
            {
                DurableFile.Write(Path.Combine(_folder, name), bundle.Bytes.Span, _flush);
                StepDone?.Invoke("bundle");
                List<string> history = [name, .. ReadHistory().Where(n => !string.Equals(n, name, StringComparison.Ordinal)).Take(_keep - 1)];
                WriteLines(InstalledName, history);
                StepDone?.Invoke("installed");
                Prune(history);
            },
            out refusal
        );
    }

    /// <summary>True where this robot refused the policy in flight, or a person rolled it back.</summary>
    public bool IsRefused(PolicyIdentity identity) => ReadLines(RefusedName).Contains(PolicyFileName.Of(identity));

    /// <summary>Remembers that the policy is not to be tried again.</summary>
    public bool TryRefuse(PolicyIdentity identity, out BundleRefusal refusal) => TryDisk(() => AddRefused(PolicyFileName.Of(identity)), out refusal);

    /// <summary>The installed bundle, read and verified again.</summary>
    /// <param name="skipped">Newer bundles of the list that disk faults made unreadable, each with its refusal; the newest readable one is
    /// taken in their place.</param>
    public bool TryReadInstalled(out PolicyBundle? bundle, out IReadOnlyList<BundleRefusal> skipped)
    {
        var refusals = new List<BundleRefusal>();
        skipped = refusals;
        foreach (string name in ReadHistory())
        {
            if (TryRead(name, out bundle, out BundleRefusal refusal))
                return true;
            refusals.Add(refusal);
        }
        bundle = null;
        return false;
    }

    /// <summary>Reads the bundle <paramref name="identity"/>, for the command line.</summary>
    public bool TryRead(PolicyIdentity identity, out PolicyBundle? bundle, out BundleRefusal refusal) =>
        TryRead(PolicyFileName.Of(identity), out bundle, out refusal);

    /// <summary>Makes the policy installed before the present one the installed one. The present one leaves the list and is not taken again.</summary>
    public bool TryRollBack(out PolicyBundle? bundle, out BundleRefusal refusal)
    {
        List<string> history = ReadHistory();
        bundle = null;
        for (int i = 1; i < history.Count; i++)
        {
            if (!TryRead(history[i], out bundle, out _))
                continue;
            List<string> rest = history[i..];
            return TryDisk(
                () =>
                {
                    for (int gone = 0; gone < history.Count - rest.Count; gone++)
                        AddRefused(history[gone]);
                    WriteLines(InstalledName, rest);
                },
                out refusal);
        }
        refusal = new BundleRefusal(BundleCheck.Storage, "earlier policies that can be read", "0", "at least 1");
        return false;
    }

    /// <summary>Pins a policy of this store: it is installed, and nothing else is until it is unpinned.</summary>
    public bool TryPin(PolicyIdentity identity, out PolicyBundle? bundle, out BundleRefusal refusal)
    {
        if (!TryRead(identity, out bundle, out refusal))
            return false;
        return TryDisk(() => File.Delete(Path.Combine(_folder, PinnedName)), out refusal)
            && TryInstall(bundle!, out refusal)
            && TryDisk(() => WriteLines(PinnedName, [PolicyFileName.Of(identity)]), out refusal);
    }

    /// <summary>Takes the pin away.</summary>
    public bool TryUnpin(out BundleRefusal refusal) => TryDisk(() => File.Delete(Path.Combine(_folder, PinnedName)), out refusal);

    /// <summary>Bundles in the order they were installed, the installed one first.</summary>
    public IReadOnlyList<StoredPolicy> List()
    {
        PolicyIdentity pinned = Pinned;
        var policies = new List<StoredPolicy>();
        foreach (string name in ReadHistory())
        {
            if (PolicyFileName.TryParse(name, out PolicyIdentity identity))
                policies.Add(new StoredPolicy(identity, Path.Combine(_folder, name), policies.Count == 0, identity == pinned));
        }
        return policies;
    }

    private FileStream Lock()
    {
        FileStream? held = null;
        SpinWait.SpinUntil(() => (held = LockOrNull()) is not null, s_lockDeadline);
        return held ?? throw new IOException($"another process holds {Path.Combine(_folder, LockName)} for {s_lockDeadline.TotalSeconds} s");
    }

    private FileStream? LockOrNull()
    {
        try
        {
            return new FileStream(Path.Combine(_folder, LockName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (IOException)
        {
            return null; // held by another process; the library tells it by exception only
        }
    }

    private bool TryRead(string name, out PolicyBundle? bundle, out BundleRefusal refusal)
    {
        bundle = null;
        byte[] bytes = [];
        if (!TryDisk(() => bytes = File.ReadAllBytes(Path.Combine(_folder, name)), out refusal))
            return false;
        if (!PolicyBundle.TryAdopt(bytes, null, out bundle, out refusal))
            return false;
        if (string.Equals(PolicyFileName.Of(bundle!.Identity), name, StringComparison.Ordinal))
            return true;
        refusal = new BundleRefusal(BundleCheck.Storage, $"identity in {name}", bundle.Identity.ToString(), "that of the file's name");
        bundle = null;
        return false;
    }

    /// <summary>Why <paramref name="identity"/> is not taken while <paramref name="pinned"/> is pinned.</summary>
    public static BundleRefusal PinnedRefusal(PolicyIdentity identity, PolicyIdentity pinned) =>
        new(BundleCheck.Pinned, "the policy", identity.ToString(), $"{pinned}, which is pinned (robotics policy pin --off)");

    private void AddRefused(string name)
    {
        List<string> names = [.. ReadLines(RefusedName).Where(n => !string.Equals(n, name, StringComparison.Ordinal)).TakeLast(MostRefused - 1), name];
        WriteLines(RefusedName, names);
    }

    private void Prune(List<string> history)
    {
        foreach (string path in Directory.EnumerateFiles(_folder, "*" + PolicyFileName.Extension))
        {
            if (!history.Contains(Path.GetFileName(path)))
                File.Delete(path);
        }
    }

    private List<string> ReadHistory() => ReadLines(InstalledName);

    // Only names that are one of ours are taken: the file is read back from disk and names files to open.
    private List<string> ReadLines(string file)
    {
        string path = Path.Combine(_folder, file);
        return File.Exists(path) ? [.. File.ReadAllLines(path).Where(n => PolicyFileName.TryParse(n, out _))] : [];
    }

    private void WriteLines(string file, List<string> lines) =>
        DurableFile.Write(Path.Combine(_folder, file), Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"), _flush);

    private bool TryDisk(Action action, out BundleRefusal refusal)
    {
        refusal = default;
        try
        {
            using FileStream held = Lock();
            action();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refusal = new BundleRefusal(BundleCheck.Storage, "the policy store", e.Message, "a folder that can be read and written");
            return false;
        }
    }
}
