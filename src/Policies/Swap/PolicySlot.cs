namespace Robotics.Policies;

/// <summary>Where a verified policy passes from the thread that prepares it to the thread that flies it, without lock or allocation.</summary>
/// <remarks>
/// <para>One writer calls <see cref="TryOffer(ReadOnlySpan{byte})"/>; the control thread calls the rest. The latest offer wins: what was offered and
/// not yet received is replaced. Writer and control thread may be the same thread.</para>
/// <para>Five networks go round: the writer's spare, the one in the mailbox, the candidate, the one that flies, and the one that flew
/// before it (for rollback and blending). Each belongs to exactly one side at any time; ownership passes by one atomic exchange of the mailbox.</para>
/// </remarks>
public sealed class PolicySlot
{
    /// <summary>Set in the mailbox where what lies in it was offered and not yet received.</summary>
    private const int Fresh = 0x100;

    /// <summary>Set beside it where a person ordered the offer.</summary>
    private const int Ordered = 0x200;

    private const int IndexMask = 0xFF;

    private readonly PolicyNetwork[] _networks;
    private int _spare;
    private int _mailbox = 1;
    private int _candidate = 2;
    private int _current = 3;
    private int _previous = 4;

    /// <summary>A slot for networks of up to <paramref name="capacityFloats"/> (see <see cref="PolicyNetwork.RequiredFloats"/>).</summary>
    public PolicySlot(int capacityFloats, PolicyKernel kernel = PolicyKernel.Auto)
    {
        _networks = new PolicyNetwork[5];
        for (int i = 0; i < _networks.Length; i++)
            _networks[i] = new PolicyNetwork(capacityFloats, kernel);
    }

    /// <summary>The policy that flies; not loaded before the first promotion. Control thread.</summary>
    public PolicyNetwork Current => _networks[_current];

    /// <summary>The policy that flew before; not loaded before the second promotion. Control thread.</summary>
    public PolicyNetwork Previous => _networks[_previous];

    /// <summary>What was received last and not yet promoted. Control thread.</summary>
    public PolicyNetwork Candidate => _networks[_candidate];

    /// <summary>True where an offer waits. Any thread.</summary>
    public bool HasOffer => (Volatile.Read(ref _mailbox) & Fresh) != 0;

    /// <summary>True where an offer waits that a person ordered (<see cref="NetworkImageFacts.IsOrdered"/>). Any thread.</summary>
    public bool IsOfferOrdered => (Volatile.Read(ref _mailbox) & (Fresh | Ordered)) == (Fresh | Ordered);

    /// <summary>Prepares <paramref name="image"/> and offers it. Writer thread; allocates nothing.</summary>
    public bool TryOffer(ReadOnlySpan<byte> image) => TryOffer(image, out _);

    /// <summary>As above, and tells why an image was refused; an earlier offer then still stands.</summary>
    public bool TryOffer(ReadOnlySpan<byte> image, out NetworkImageStatus status)
    {
        if (!_networks[_spare].TryLoad(image, out status))
            return false;
        // The exchange publishes what was written into the network: pairs with the exchange in TryReceive.
        int marks = _networks[_spare].Facts.IsOrdered ? Fresh | Ordered : Fresh;
        _spare = Interlocked.Exchange(ref _mailbox, _spare | marks) & IndexMask;
        return true;
    }

    /// <summary>Makes the latest offer the candidate; false where there is none. Control thread.</summary>
    public bool TryReceive()
    {
        if (!HasOffer)
            return false;
        _candidate = Interlocked.Exchange(ref _mailbox, _candidate) & IndexMask;
        return true;
    }

    /// <summary>Makes the candidate current, with recurrent state at its start, and the current one previous. Control thread.</summary>
    public void Promote()
    {
        (_previous, _current, _candidate) = (_current, _candidate, _previous);
        Current.Reset();
    }

    /// <summary>Makes the latest offer current at once; false where there is none. Control thread.</summary>
    public bool TryTake()
    {
        if (!TryReceive())
            return false;
        Promote();
        return true;
    }

    /// <summary>Makes the previous policy current again, with recurrent state at its start; false where there is none. Control thread.</summary>
    public bool TryRollBack()
    {
        if (!Previous.IsLoaded)
            return false;
        (_current, _previous) = (_previous, _current);
        Current.Reset();
        return true;
    }
}
