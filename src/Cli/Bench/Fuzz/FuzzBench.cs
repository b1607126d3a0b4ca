using Robotics.Core;

namespace Robotics.Cli.Bench;

/// <summary>`bench fuzz`: each decoder of bytes from outside gets so many mutated frames, drawn by a seeded generator.</summary>
internal static class FuzzBench
{
    // What the runtime itself may allocate in a run on a thread that allocates nothing (tiering, statics of first use), bytes.
    private const long Slack = 16_384;

    /// <summary>Gives <paramref name="target"/> <paramref name="frames"/> mutations of its valid form.</summary>
    /// <exception cref="InvalidOperationException">It refuses the valid form: what follows would show nothing.</exception>
    public static FuzzResult Run(FuzzTarget target, long frames, ulong seed)
    {
        if (!target.Decode(target.Valid))
            throw new InvalidOperationException($"{target.Name} refuses the valid form that its mutations start from");
        var random = new SeededRandom(seed, target.Name);
        var buffer = new byte[target.Valid.Length + Mutation.Room];
        long accepted = 0, crashes = 0;
        string first = "";
        double cpu = CpuTime.ProcessSeconds;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long i = 0; i < frames; i++)
        {
            Span<byte> bytes = Mutation.Of(random, target.Valid, buffer, target.HasChecksum);
            try
            {
                accepted += target.Decode(bytes) ? 1 : 0;
            }
#pragma warning disable CA1031 // whatever it is, it is what is looked for
            catch (Exception e)
#pragma warning restore CA1031
            {
                first = crashes++ == 0 ? $"frame {i}: {e.GetType().Name}: {e.Message}" : first;
            }
        }
        string trouble = target.Trouble?.Invoke() ?? "";
        if (trouble.Length > 0)
            first = crashes++ == 0 ? trouble : first;
        long allocated = Math.Max(0, GC.GetAllocatedBytesForCurrentThread() - before - Slack);
        cpu = CpuTime.ProcessSeconds - cpu;
        return new FuzzResult(
            target.Name, frames, accepted, crashes, first, Math.Round((double)allocated / frames, 3), target.BytesEach, Math.Round(cpu / frames * 1e6, 3));
    }
}
