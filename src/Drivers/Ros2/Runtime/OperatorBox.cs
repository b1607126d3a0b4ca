namespace Robotics.Drivers.Ros2;

/// <summary>One request at a time from the graph to the control thread and back, without a lock on the control thread's side.</summary>
internal sealed class OperatorBox
{
    private const int Free = 0;
    private const int Asked = 1;
    private const int Taken = 2;
    private const int Answered = 3;
    private int _stage;
    private OperatorRequest _request;
    private ServiceCall _call;
    private long _askedNs;
    private bool _ok;
    private uint _refusal;

    /// <summary>Receiving thread: posts a request; false while one is under way.</summary>
    public bool TryAsk(OperatorRequest request, ServiceCall call, long nowNs)
    {
        if (Volatile.Read(ref _stage) != Free)
            return false;
        (_request, _call, _askedNs) = (request, call, nowNs);
        Volatile.Write(ref _stage, Asked); // publishes the request; pairs with TryTake
        return true;
    }

    /// <summary>Control thread: takes it.</summary>
    public bool TryTake(out OperatorRequest request)
    {
        request = OperatorRequest.None;
        if (Interlocked.CompareExchange(ref _stage, Taken, Asked) != Asked)
            return false;
        request = _request;
        return true;
    }

    /// <summary>Control thread: answers it.</summary>
    public void Answer(bool ok, uint refusal)
    {
        (_ok, _refusal) = (ok, refusal);
        Interlocked.CompareExchange(ref _stage, Answered, Taken);
    }

    /// <summary>Node's thread: an answer, or a time-out of a request that nobody took. One that was taken is waited for: it will be done.</summary>
    public bool TryFinish(long nowNs, long timeoutNs, out OperatorAnswer answer)
    {
        answer = default;
        int stage = Volatile.Read(ref _stage);
        if (stage == Answered)
            answer = new OperatorAnswer(_request, _call, _ok, _refusal, false);
        else if (stage == Asked && nowNs - _askedNs > timeoutNs && Interlocked.CompareExchange(ref _stage, Taken, Asked) == Asked)
            answer = new OperatorAnswer(_request, _call, false, 0, TimedOut: true); // withdrawn: it can no longer be carried out later
        else
            return false;
        Volatile.Write(ref _stage, Free);
        return true;
    }
}
