namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Proves once per process that this libddsc carries bytes as this binding expects, before any robot depends on it.</summary>
/// <remarks>Writes one sample of odd length and content in a partition of its own and takes it back.</remarks>
internal static unsafe class DdsSelfCheck
{
    private const int PayloadBytes = 1037; // odd, larger than the declared octet, smaller than a UDP datagram
    private static readonly Lock s_gate = new();
    private static bool s_passed;

    /// <summary>Runs the check on <paramref name="participant"/> unless it passed before.</summary>
    /// <exception cref="DdsException">The bytes came back changed or not at all: this libddsc is unsuitable.</exception>
    public static void Ensure(int participant)
    {
        lock (s_gate)
        {
            if (s_passed)
                return;
            Run(participant);
            s_passed = true;
        }
    }

    private static void Run(int participant)
    {
        nint partition = DdsNative.dds_create_qos();
        DdsNative.dds_qset_partition1(partition, "robotics_self_check_" + Environment.ProcessId);
        int publisher = DdsException.Check(DdsNative.dds_create_publisher(participant, partition, 0), "self-check publisher");
        int subscriber = DdsException.Check(DdsNative.dds_create_subscriber(participant, partition, 0), "self-check subscriber");
        DdsNative.dds_delete_qos(partition);
        var topic = new DdsTopic(participant, "robotics_self_check", "robotics::msg::dds_::SelfCheck_");
        using (var reader = new DdsReader(subscriber, topic, QosProfile.Default, ""))
        using (var writer = new DdsWriter(publisher, topic, QosProfile.Default, ""))
        {
            var sent = new byte[PayloadBytes];
            sent[1] = 1;
            for (int i = CdrReader.HeaderBytes; i < sent.Length; i++)
                sent[i] = (byte)((i * 167) + 13);
            DdsException.Check(writer.Write(sent), "self-check write");
            var sink = new Keeper();
            reader.Take(sink); // same process: delivered inside the write
            if (!Same(sent, sink.Bytes))
                throw new DdsException("this libddsc does not carry opaque samples (self-check failed): use Cyclone DDS 0.10.2, 0.10.5 or 11.0.1, for example Debian's libddsc0debian, or set ROBOTICS_DDSC");
        }
        DdsNative.dds_delete(publisher);
        DdsNative.dds_delete(subscriber);
        DdsNative.dds_delete(topic.Handle);
    }

    // Cyclone may pad to a multiple of four.
    private static bool Same(byte[] sent, byte[] got) =>
        got.Length >= sent.Length && got.Length < sent.Length + 4 && got.AsSpan(4, sent.Length - 4).SequenceEqual(sent.AsSpan(4)) && got[1] == sent[1];

    private sealed class Keeper : ISampleSink
    {
        public byte[] Bytes { get; private set; } = [];

        public void OnSample(ReadOnlySpan<byte> cdr, in SampleInfo info) => Bytes = cdr.ToArray();
    }
}
