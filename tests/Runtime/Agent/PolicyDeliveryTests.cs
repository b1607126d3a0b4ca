using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Agent;

/// <summary>What is wrong with a bundle in any way is refused with its check, told, and leaves control and store untouched.</summary>
public sealed class PolicyDeliveryTests : IDisposable
{
    private const ulong Schema = 0xA1A2;
    private static readonly NetworkSpec s_spec = new([LayerSpec.Dense(2, 2, Activation.Tanh), LayerSpec.Gru(2, 2), LayerSpec.Dense(2, 1, Activation.Identity)]);

    private readonly string _folder = Directory.CreateTempSubdirectory("policy-delivery-").FullName;
    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly SigningKey _signer = SigningKey.Generate();
    private readonly SigningKey _stranger = SigningKey.Generate();
    private readonly PolicyStore _store;
    private readonly PolicyDelivery _delivery;
    private readonly PolicyIdentity _running;

    public PolicyDeliveryTests()
    {
        _store = new PolicyStore(_folder, flush: false);
        var expectations = new PolicyExpectations
        {
            SchemaHash = Schema,
            ObservationLength = 2,
            ActionLength = 1,
            PolicyRateHz = 100,
            RequireSignature = true,
            TrustedKeys = [_signer.Public],
        };
        _delivery = new PolicyDelivery(_memory.Policies, new PolicyGate(expectations, new ManualClock()), _store);
        byte[] first = Write(counter: 5);
        Take(first);
        _running = _store.Installed;
        Assert.Equal((5u, 1L, 0L), (_running.Counter, _delivery.Offered, _delivery.Refused));
    }

    public static TheoryData<string, BundleCheck> Wrong => new()
    {
        { "truncated", BundleCheck.Length },
        { "swapped tensors", BundleCheck.GoldenOutput },
        { "NaN", BundleCheck.Finite },
        { "huge weights", BundleCheck.Magnitude },
        { "observation order", BundleCheck.Schema },
        { "rate", BundleCheck.Rate },
        { "old version", BundleCheck.Version },
        { "signer", BundleCheck.Signer },
        { "unsigned", BundleCheck.Unsigned },
        { "10 GB", BundleCheck.Length },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Take_WrongBundle_IsRefusedByItsCheckAndTheRunningPolicyIsUntouched(string what, BundleCheck expected)
    {
        Take(Spoil(what));
        AssertUntouched(refused: 1);
        Assert.True(_delivery.TryTakeReport(out PolicyReport report));
        Assert.Equal(expected, report.Refusal.Check);
        Assert.NotEmpty(report.Refusal.Value);
        Assert.NotEmpty(report.Refusal.Limit);
    }

    [Fact]
    public void Take_EveryCorruptByte_IsRefusedAndTheRunningPolicyIsUntouched()
    {
        byte[] bytes = Write(counter: 6);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x55;
            Take(bytes);
            bytes[i] ^= 0x55;
        }
        AssertUntouched(refused: bytes.Length);
        Take(bytes);
        Assert.Equal(6u, _store.Installed.Counter);
    }

    // The hash of a task's observation tells its order, so a policy trained on another order is one of another schema.
    [Fact]
    public void SchemaHash_ObservationsInAnotherOrder_Differs()
    {
        string root = SharedData.RepositoryRoot, task = File.ReadAllText(Path.Combine(root, "tasks", "raptor-hover.yaml"));
        const string position = "    - { quantity: position }\n", rotation = "    - { quantity: rotation_matrix }\n";
        Assert.Contains(position + rotation, task, StringComparison.Ordinal);
        Assert.NotEqual(SchemaHashOf(task), SchemaHashOf(task.Replace(position + rotation, rotation + position, StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        _memory.Dispose();
        _signer.Dispose();
        _stranger.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private byte[] Spoil(string what) => what switch
    {
        "truncated" => Write(6)[..^200],
        "swapped tensors" => Sealed(bytes => Swap(bytes, "layers.1.weight_ih", "layers.1.weight_hh")),
        "NaN" => Sealed(bytes => BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(WeightsOffset(bytes)), float.NaN)),
        "huge weights" => Write(6, scale: 1e6f),
        "observation order" => Write(6, schema: Schema + 1),
        "rate" => Write(6, rateHz: 50),
        "old version" => Write(4),
        "signer" => Write(6, signer: _stranger),
        "unsigned" => Unsigned(Write(6)[..^76]),
        _ => Sealed(bytes => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), 10_000_000_000)),
    };

    private void Take(byte[] bytes)
    {
        PolicyIdentity announced = PolicyBundle.TryRead(bytes, out PolicyBundle? bundle, out _) ? bundle!.Identity : new PolicyIdentity(1, 1, 6, 1);
        _delivery.Take(bytes, announced);
    }

    private void AssertUntouched(long refused)
    {
        Assert.Equal((refused, 1L), (_delivery.Refused, _delivery.Offered));
        Assert.Equal(1, _memory.Policies.Count);
        Assert.Equal(_running, _store.Installed);
    }

    private byte[] Write(uint counter, float scale = 0.5f, ulong schema = Schema, double rateHz = 100, SigningKey? signer = null)
    {
        var random = new SeededRandom(1, "weights");
        float[] parameters = [.. Enumerable.Range(0, s_spec.ParameterCount).Select(_ => scale * (float)random.NextGaussian())];
        var manifest = new PolicyManifest { Name = "tiny", Identity = new PolicyIdentity(1, 1, counter, 0), SchemaHash = schema, PolicyRateHz = rateHz, Network = s_spec };
        return PolicyBundleWriter.Write(manifest, parameters, signer: signer ?? _signer);
    }

    // A bundle forged by somebody who can make every hash right and even sign: only what it says is wrong.
    private byte[] Sealed(Action<byte[]> forge)
    {
        byte[] bytes = Unsigned(Write(6)[..^76]);
        forge(bytes);
        int content = bytes.Length - 36;
        SHA256.HashData(bytes.AsSpan(0, content), bytes.AsSpan(content, 32));
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(16)) < 1_000_000 ? PolicyBundleWriter.Sign(bytes, _signer) : bytes;
    }

    private static byte[] Unsigned(byte[] withoutSignature)
    {
        BinaryPrimitives.WriteInt32LittleEndian(withoutSignature.AsSpan(withoutSignature.Length - 4), 0);
        return withoutSignature;
    }

    private static void Swap(byte[] bytes, string a, string b)
    {
        int first = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(a)), second = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(b));
        Encoding.ASCII.GetBytes(b).CopyTo(bytes, first);
        Encoding.ASCII.GetBytes(a).CopyTo(bytes, second);
    }

    private static int WeightsOffset(byte[] bytes)
    {
        int tensors = 32 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        return tensors + 8 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(tensors));
    }

    private ulong SchemaHashOf(string task)
    {
        string path = Path.Combine(_folder, "task.yaml"), run = Path.Combine(SharedData.RepositoryRoot, "runs", "raptor-hover.yaml");
        File.WriteAllText(path, task);
        using RobotRig robot = RobotRig.Load(RunDescription.Load(run, [$"task={path}"]), new ManualClock(1));
        return robot.Task.SchemaHash;
    }
}
