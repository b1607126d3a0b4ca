using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>Knows which clients can already hear a reply: discovery of the request writer may run ahead of that of the reply reader.</summary>
internal sealed unsafe class ReplyPeers(DdsWriter replyWriter, DdsReader requestReader)
{
    private const int MaxWaitMs = 100; // rmw_cyclonedds waits as long (check_for_response_reader)
    private const int PollMs = 2;
    private const int MaxKnown = 1024; // a flood of clients must not fill the memory; forgetting one only repeats a look-up
    private readonly HashSet<ulong> _ready = [];

    /// <summary>Returns when the client behind <paramref name="publication"/> has a matched reply reader, or after 100 ms.</summary>
    public void WaitFor(ulong publication)
    {
        if (_ready.Contains(publication))
            return;
        string id = ClientId(DdsNative.dds_get_matched_publication_data(requestReader.Handle, publication));
        using var never = new ManualResetEventSlim(false);
        for (int waited = 0; waited < MaxWaitMs && !IsMatched(id); waited += PollMs)
            never.Wait(PollMs);
        if (_ready.Count >= MaxKnown)
            _ready.Clear();
        _ready.Add(publication);
    }

    private bool IsMatched(string id)
    {
        ulong* handles = stackalloc ulong[64];
        int count = Math.Min(64, DdsNative.dds_get_matched_subscriptions(replyWriter.Handle, handles, 64));
        if (id.Length == 0)
            return count > 0; // a client that names itself not
        for (int i = 0; i < count; i++)
        {
            if (ClientId(DdsNative.dds_get_matched_subscription_data(replyWriter.Handle, handles[i])) == id)
                return true;
        }
        return false;
    }

    private static string ClientId(BuiltinEndpoint* endpoint)
    {
        if (endpoint == null)
            return "";
        string id = UserData.Value(UserData.Of(endpoint->Qos), "clientid");
        DdsNative.dds_builtintopic_free_endpoint(endpoint);
        return id;
    }
}
