using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Memory;

namespace Robotics.Runtime.Agent;

/// <summary>A policy's way on the robot: from bytes off the link through the gate to control, and from control's verdict to the disk.</summary>
/// <remarks>
/// <para>Agent thread. Under gate `training` a policy is kept as installed once the static checks passed; under gate `deployed` only when control
/// reports it in force and past its probation, so that a restart at any moment begins with one that has proven itself.</para>
/// <para>A policy that this robot refused in flight is remembered on disk and not tried again. What a person orders in the store (rollback, pin)
/// is offered as an order: static checks, but neither version nor shadow nor probation.</para>
/// </remarks>
public sealed class PolicyDelivery
{
    private const int MostOutstanding = 8; // candidate, mailbox, slot, one on probation, and as many again that were overtaken

    private readonly Mailbox _control;
    private readonly PolicyGate _gate;
    private readonly PolicyStore _store;
    private readonly DeliveryOptions _options;
    private readonly PolicyAgeMeter _age;
    private readonly List<PolicyBundle> _outstanding = [];
    private readonly Queue<PolicyReport> _reports = new();
    private PolicyBundle? _proven;
    private PolicyIdentity _known;
    private PolicyIdentity _inForce;
    private ulong _boot;
    private long _verdicts;
    private bool _wasBeyondLimit;

    /// <summary>A delivery into <paramref name="control"/>.</summary>
    public PolicyDelivery(Mailbox control, PolicyGate gate, PolicyStore store, DeliveryOptions? options = null)
    {
        _control = control ?? throw new ArgumentNullException(nameof(control));
        _gate = gate ?? throw new ArgumentNullException(nameof(gate));
        _store = store ?? throw new ArgumentNullException(nameof(store));
        _options = options ?? new DeliveryOptions();
        _age = new PolicyAgeMeter(_options.MaxAgeNs);
        _known = store.Installed;
    }

    /// <summary>The policy in force; before control has one, the one kept on disk. What hello and heartbeats report.</summary>
    public PolicyIdentity Installed => _inForce.IsSome ? _inForce : _known;

    /// <summary>Policies offered to control.</summary>
    public long Offered { get; private set; }

    /// <summary>Policies refused by the gate, or by control in shadow or on probation.</summary>
    public long Refused { get; private set; }

    /// <summary>Why the last one was refused; empty for none.</summary>
    public string LastRefusal { get; private set; } = "";

    /// <summary>The policy that was offered to control last; null before the first.</summary>
    public PolicyBundle? LastOffered { get; private set; }

    /// <summary>The newest policy that passed the run's gate: under `deployed` one that has proven itself in flight. Null before the first.</summary>
    public PolicyBundle? Verified { get; private set; }

    /// <summary>How far the policy in force is behind.</summary>
    public PolicyAge Age => _age.Age;

    /// <summary>An announcement arrived; <paramref name="steps"/> are recorded by now.</summary>
    public void Announce(PolicyIdentity policy, long nowNs, long steps) => _age.Announce(policy, nowNs, steps);

    /// <summary>Takes a whole bundle that was announced as <paramref name="announced"/>.</summary>
    /// <param name="bytes">From now on nobody may change them: they are not copied.</param>
    /// <param name="hashes">Of exactly these bytes, where the link hashed them as they came.</param>
    public void Take(ReadOnlyMemory<byte> bytes, PolicyIdentity announced, BundleHashes? hashes = null)
    {
        if (!PolicyBundle.TryAdopt(bytes, hashes, out PolicyBundle? bundle, out BundleRefusal refusal) || !MayFollow(bundle!, announced, out refusal))
        {
            Refuse(bundle?.Identity ?? announced, refusal);
            return;
        }
        if (_options.Gate == GateKind.Deployed)
            Keep(bundle!);
        else if (TryInstall(bundle!))
            Verified = bundle;
        else
            return;
        if (bundle!.Identity != _inForce)
            Offer(bundle, isOrdered: false);
    }

    /// <summary>Follows what control says of itself: a start that needs its policy, a verdict, a policy that has proven itself.</summary>
    public void Follow(ControlStatus status, long nowNs)
    {
        if (status.Boot != _boot)
            Meet(status);
        _inForce = status.Policy;
        if (status.Verdicts != _verdicts)
            Hear(status);
        if (_inForce.IsSome && !status.IsOnProbation && _outstanding.Find(b => b.Identity == _inForce) is { } proven)
        {
            _outstanding.RemoveAll(b => b.Identity == _inForce || _inForce.IsNewerThan(b.Identity));
            _proven = Verified = proven;
            TryInstall(proven);
        }
        _age.Follow(_inForce, nowNs, status.Recorded);
        if (Age.IsBeyondLimit && !_wasBeyondLimit)
            _options.Log?.Invoke(Age.ToString());
        _wasBeyondLimit = Age.IsBeyondLimit;
    }

    /// <summary>Looks whether a person changed the store by command, and offers what is installed there now.</summary>
    public void FollowStore()
    {
        PolicyIdentity installed = _store.Installed;
        if (installed == _known || !installed.IsSome)
            return;
        _options.Log?.Invoke($"policy {installed} was ordered by command in place of {_known}");
        _known = installed;
        _outstanding.Clear();
        OfferInstalled(isOrdered: true);
    }

    /// <summary>The next word about a policy for the learner.</summary>
    public bool TryTakeReport(out PolicyReport report) => _reports.TryDequeue(out report);

    // A start of control knows no policy: what lies in shared memory is of another life, and may be what was rolled back in it.
    private void Meet(ControlStatus status)
    {
        (_boot, _verdicts) = (status.Boot, 0);
        if (!status.Policy.IsSome)
            OfferInstalled(isOrdered: false);
    }

    private void Hear(ControlStatus status)
    {
        _verdicts = status.Verdicts;
        PolicyVerdict verdict = status.LastVerdict;
        BundleRefusal refusal = verdict.ToRefusal();
        if (refusal.IsNone)
            return;
        _outstanding.RemoveAll(b => b.Identity == verdict.Policy);
        if (verdict.Check is BundleCheck.Shadow or BundleCheck.Canary or BundleCheck.TaskFailure && !_store.TryRefuse(verdict.Policy, out BundleRefusal disk))
            _options.Log?.Invoke(disk.ToString());
        Refuse(verdict.Policy, refusal);
    }

    private bool MayFollow(PolicyBundle bundle, PolicyIdentity announced, out BundleRefusal refusal)
    {
        PolicyIdentity pinned = _store.Pinned;
        refusal = default;
        if (bundle.Identity != announced)
            refusal = new BundleRefusal(BundleCheck.Announced, "the bundle's identity", bundle.Identity.ToString(), $"{announced}, as announced");
        else if (pinned.IsSome && pinned != bundle.Identity)
            refusal = PolicyStore.PinnedRefusal(bundle.Identity, pinned);
        else if (_store.IsRefused(bundle.Identity))
            refusal = new BundleRefusal(BundleCheck.RefusedBefore, "the policy", bundle.Identity.ToString(), "one that this robot did not refuse in flight and nobody rolled back (robotics policy pin EPOCH.COUNTER to fly it all the same)");
        if (!refusal.IsNone)
            return false;
        PolicyIdentity installed = _store.Installed;
        if (!_gate.Check(bundle, bundle.Identity == installed ? PolicyIdentity.None : installed, out refusal))
            return false;
        return _options.Gate == GateKind.Training || ActsAlike(bundle, out refusal);
    }

    private bool ActsAlike(PolicyBundle bundle, out BundleRefusal refusal)
    {
        refusal = default;
        if (_options.Recent is not { Count: > 0 } recent || bundle.Identity == _inForce || InForce() is not { } inForce)
            return true;
        PolicyNetwork current = PolicyNetwork.Create(inForce.Manifest.Network, inForce.Parameters);
        return _gate.CheckActionDifference(bundle, current, recent.InOrder(), out refusal);
    }

    private PolicyBundle? InForce()
    {
        if (_proven?.Identity == _inForce)
            return _proven;
        return _outstanding.Find(b => b.Identity == _inForce) ?? (_store.TryRead(_inForce, out PolicyBundle? stored, out _) ? stored : null);
    }

    private void Keep(PolicyBundle bundle)
    {
        if (_outstanding.Count == MostOutstanding)
            _outstanding.RemoveAt(_outstanding[0].Identity == _inForce ? 1 : 0);
        _outstanding.Add(bundle);
    }

    private bool TryInstall(PolicyBundle bundle)
    {
        if (!_store.TryInstall(bundle, out BundleRefusal refusal))
        {
            Refuse(bundle.Identity, refusal);
            return false;
        }
        _known = bundle.Identity;
        return true;
    }

    private void OfferInstalled(bool isOrdered)
    {
        if (!_store.TryReadInstalled(out PolicyBundle? bundle, out IReadOnlyList<BundleRefusal> skipped))
            return;
        foreach (BundleRefusal fault in skipped)
            _options.Log?.Invoke(fault.ToString());
        if (!_gate.Check(bundle!, PolicyIdentity.None, out BundleRefusal refusal))
        {
            Refuse(bundle!.Identity, refusal);
            return;
        }
        _proven = Verified = bundle;
        Offer(bundle!, isOrdered);
    }

    private void Offer(PolicyBundle bundle, bool isOrdered)
    {
        if (!_control.TryPut(bundle.ImageLength, (bundle, isOrdered), static (place, offer) => offer.bundle.WriteImage(place, offer.isOrdered)))
        {
            Refuse(bundle.Identity, new BundleRefusal(BundleCheck.Capacity, "the network image", $"{bundle.ImageLength} bytes", $"{EdgeMemory.MaxImageBytes}"));
            return;
        }
        _control.Ring();
        Offered++;
        LastOffered = bundle;
    }

    private void Refuse(PolicyIdentity policy, BundleRefusal refusal)
    {
        Refused++;
        LastRefusal = $"{policy}: {refusal}";
        _options.Log?.Invoke(LastRefusal);
        _reports.Enqueue(new PolicyReport(policy, refusal));
        if (_reports.Count > MostOutstanding)
            _reports.Dequeue(); // a robot without a learner keeps the newest
    }
}
