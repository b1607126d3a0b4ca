using Robotics.Experience;

namespace Robotics.Cli.Demo;

/// <summary>Compares the identities in a spool with those in a store, from the files alone.</summary>
/// <param name="Recorded">Distinct identities in the spool.</param>
/// <param name="Stored">Distinct identities in the store.</param>
/// <param name="Lost">Identities missing in the spool's own sequence, or in the spool and neither in the store nor given up by it.</param>
/// <param name="Duplicated">Identities that stand more than once in either.</param>
internal sealed record IdentityCount(long Recorded, long Stored, long Lost, long Duplicated)
{
    public static IdentityCount Of(string spool, string store)
    {
        HashSet<TransitionIdentity> recorded = Identities(spool), stored = Identities(store);
        SpoolReport spoolReport = SpoolVerifier.Verify(spool), storeReport = SpoolVerifier.Verify(store);
        long missing = spoolReport.Streams.Sum(s => (long)s.Missing);
        long repeated = spoolReport.Streams.Sum(s => (long)s.Repeated) + storeReport.Streams.Sum(s => (long)s.Repeated);
        return new IdentityCount(recorded.Count, stored.Count, missing + recorded.Count(i => !stored.Contains(i) && !IsGivenUp(storeReport, i)), repeated);
    }

    private static bool IsGivenUp(SpoolReport store, TransitionIdentity identity) =>
        store.Streams.Any(s => s.Stream == new SpoolStream(identity.Robot, identity.Boot) && identity.Sequence <= s.Dropped.Sequence);

    private static HashSet<TransitionIdentity> Identities(string root)
    {
        var identities = new HashSet<TransitionIdentity>();
        foreach (SpoolStream stream in SpoolStream.List(root).Where(s => s.HasSegments(root)))
        {
            using SpoolReader reader = SpoolReader.Open(root, stream, SpoolVerifier.SchemaOf(root, stream));
            while (reader.TryRead(out _, out TransitionHeader header))
                identities.Add(header.Identity);
        }
        return identities;
    }
}
