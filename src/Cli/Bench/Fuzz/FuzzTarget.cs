namespace Robotics.Cli.Bench;

/// <summary>One decoder of `bench fuzz`: a valid form, and who reads what is made of it.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Valid">A valid form, which every mutation starts from.</param>
/// <param name="Decode">The decoder.</param>
/// <param name="BytesEach">Memory it may take for one frame on average, bytes; 0 for none at all.</param>
/// <param name="HasChecksum">The last four bytes are the CRC-32C of those before: half of the mutations put it right again.</param>
internal sealed record FuzzTarget(string Name, byte[] Valid, FuzzDecode Decode, long BytesEach = 0, bool HasChecksum = true)
{
    /// <summary>What is wrong with the decoder's host after all frames; empty where it serves as before. Null for one that has no state.</summary>
    public Func<string>? Trouble { get; init; }
}
