namespace Robotics.Transport;

/// <summary>Socket types of ZeroMQ that this project uses.</summary>
public enum ZmqSocketKind
{
    /// <summary>One to one inside the process (monitors).</summary>
    Pair = Native.PAIR,

    /// <summary>The edge's end of the link.</summary>
    Dealer = Native.DEALER,

    /// <summary>The learner's end of the link: every message is preceded by the sender's routing identity.</summary>
    Router = Native.ROUTER,

    /// <summary>Raw throughput reference of `bench link`, receiving end.</summary>
    Pull = Native.PULL,

    /// <summary>Raw throughput reference of `bench link`, sending end.</summary>
    Push = Native.PUSH,
}
