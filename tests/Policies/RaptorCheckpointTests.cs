using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests;

public sealed class RaptorCheckpointTests
{
    // 5e-6 leaves a factor of two below the required 1e-5; an independent double implementation differs by 6.9e-7.
    [Fact]
    public void Act_PublishedCheckpoint_ReproducesItsStoredOutputs()
    {
        byte[] tar = File.ReadAllBytes(SharedData.Require("raptor/policy.tar"));
        Assert.True(RaptorCheckpoint.TryRead(tar, out RaptorCheckpoint? checkpoint, out string problem), problem);
        Assert.Equal(2084, checkpoint!.Spec.ParameterCount);
        RaptorExample example = checkpoint.Example;
        Assert.Equal((500, 2), (example.Steps, example.Batch));
        NetworkSpec open = new(checkpoint.Spec.Layers.ToArray(), clampOutput: false);
        double worst = 0;
        var action = new float[4];
        for (int sequence = 0; sequence < example.Batch; sequence++)
        {
            PolicyNetwork network = PolicyNetwork.Create(open, checkpoint.Parameters);
            for (int step = 0; step < example.Steps; step++)
            {
                Assert.True(network.Act(example.Input(step, sequence), action));
                for (int i = 0; i < 4; i++)
                    worst = Math.Max(worst, Math.Abs(action[i] - example.Output(step, sequence)[i]));
            }
        }
        Assert.InRange(worst, 0, 5e-6);
    }

    [Fact]
    public void TryRead_EveryTruncation_IsRefusedWithAProblem()
    {
        byte[] tar = File.ReadAllBytes(SharedData.Require("raptor/policy.tar"));
        for (int length = 0; length < tar.Length - 1024; length += 509)
        {
            Assert.False(RaptorCheckpoint.TryRead(tar.AsMemory(0, length), out _, out string problem));
            Assert.NotEmpty(problem);
        }
    }

    [Fact]
    public void TryRead_CorruptHeaderBytes_NeverThrows()
    {
        byte[] tar = File.ReadAllBytes(SharedData.Require("raptor/policy.tar"));
        for (int block = 0; block < 20; block++)
        {
            for (int i = 0; i < 512; i += 3)
            {
                int at = (block * 512) + i;
                byte kept = tar[at];
                tar[at] ^= 0xFF;
                RaptorCheckpoint.TryRead(tar, out RaptorCheckpoint? checkpoint, out string problem);
                Assert.True(checkpoint is not null || problem.Length > 0);
                tar[at] = kept;
            }
        }
    }
}
