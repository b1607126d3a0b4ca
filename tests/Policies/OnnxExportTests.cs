using System.Diagnostics;
using System.Text.Json;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests;

/// <summary>Exported models against onnxruntime-web (npm), run by node.</summary>
[Trait("Category", "Interop")]
public sealed class OnnxExportTests
{
    private static readonly string Peer = Path.Combine(SharedData.RepositoryRoot, "tests", "peers", "onnx");

    public static TheoryData<string> Cases => ["raptor", "hover", "norm", "gaussian", "two-gru"];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Write_Policy_GivesTheSameActionsInOnnxRuntime(string name)
    {
        NetworkSpec spec = Spec(name);
        var random = new SeededRandom(5, name);
        float[] parameters = RandomNetworks.Parameters(spec, random);
        float[][] observations = [.. Enumerable.Range(0, 20).Select(_ => RandomNetworks.Values(spec.ObservationLength, random))];
        float[][] expected = await RunPeerAsync(OnnxExport.Write(spec, parameters), observations);
        PolicyNetwork network = PolicyNetwork.Create(spec, parameters);
        var action = new float[spec.ActionLength];
        for (int step = 0; step < observations.Length; step++)
        {
            Assert.True(network.Act(observations[step], action));
            Assert.Equal(action.Length, expected[step].Length);
            for (int i = 0; i < action.Length; i++)
                Assert.Equal(expected[step][i], action[i], 1e-5f);
        }
    }

    private static NetworkSpec Spec(string name) =>
        name switch
        {
            "raptor" => new([LayerSpec.Dense(22, 16, Activation.Relu), LayerSpec.Gru(16, 16), LayerSpec.Dense(16, 4, Activation.Identity)]),
            "hover" => NetworkSpec.Mlp([146, 64, 64, 4], Activation.FastTanh, Activation.FastTanh),
            "norm" => new([LayerSpec.Normaliser(5), LayerSpec.Dense(5, 9, Activation.Identity), LayerSpec.LayerNorm(9, Activation.LeakyRelu), LayerSpec.Dense(9, 2, Activation.Tanh)]),
            "gaussian" => NetworkSpec.Mlp([7, 33, 6], Activation.Relu, Activation.Identity, PolicyHead.TanhGaussian),
            _ => new([LayerSpec.Gru(3, 5), LayerSpec.Gru(5, 4), LayerSpec.Dense(4, 1, Activation.Identity)], clampOutput: false),
        };

    private static async Task<float[][]> RunPeerAsync(byte[] model, float[][] observations)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Peer, "node_modules", "onnxruntime-web")), "needs onnxruntime-web: npm install --prefix tests/peers/onnx");
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        await File.WriteAllBytesAsync(path, model);
        try
        {
            var start = new ProcessStartInfo("node", [Path.Combine(Peer, "run.mjs"), path]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            using Process node = Process.Start(start)!;
            await node.StandardInput.WriteAsync(JsonSerializer.Serialize(observations));
            node.StandardInput.Close();
            Task<string> errors = node.StandardError.ReadToEndAsync();
            string output = await node.StandardOutput.ReadToEndAsync();
            await node.WaitForExitAsync();
            Assert.True(node.ExitCode == 0, await errors);
            return JsonSerializer.Deserialize<float[][]>(output)!;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
