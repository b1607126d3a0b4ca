using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Robotics.Learner.Bench.Gemm;

namespace Robotics.Cli.Bench;

/// <summary>A PyTorch program of bench/peers that waits, warm, and runs as many updates as it is told: so rounds of both sides can take turns.</summary>
internal sealed class TorchPeer : IDisposable
{
    private static readonly string[] s_interpreters = ["/usr/bin/python3", "python3"]; // Debian's python3-torch belongs to the first
    private readonly Process _process;

    private TorchPeer(Process process, string name, string blas) => (_process, Name, Blas) = (process, name, blas);

    /// <summary>For example <c>PyTorch 1.13.0</c>.</summary>
    public string Name { get; }

    /// <summary>The BLAS library it runs on.</summary>
    public string Blas { get; }

    /// <summary>Starts <paramref name="script"/>; null where no interpreter with PyTorch is on the machine.</summary>
    /// <param name="script">File name in bench/peers.</param>
    /// <param name="threads">Threads of OpenMP.</param>
    /// <param name="blasThreads">Threads of OpenBLAS.</param>
    /// <param name="arguments">Arguments of the script.</param>
    public static TorchPeer? TryStart(string script, int threads, int blasThreads, params string[] arguments)
    {
        string? interpreter = s_interpreters.FirstOrDefault(HasTorch);
        if (interpreter is null)
            return null;
        string path = Installation.PathOf(Path.Combine("bench", "peers", script));
        ProcessStartInfo start = StartOf(interpreter, [path, .. arguments]);
        start.RedirectStandardInput = true;
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["OPENBLAS_NUM_THREADS"] = blasThreads.ToString(CultureInfo.InvariantCulture);
        foreach (string name in OpenBlas.Overrules)
            start.Environment.Remove(name);
        Process process = Process.Start(start) ?? throw new FailureException($"{interpreter} does not start", ExitCode.Failed);
        using JsonDocument hello = Answer(process, path);
        return new TorchPeer(process, hello.RootElement.GetProperty("peer").GetString()!, hello.RootElement.GetProperty("blas").GetString()!);
    }

    /// <summary>Runs <paramref name="updates"/> updates.</summary>
    public (double CpuS, double WallS) Run(int updates)
    {
        _process.StandardInput.WriteLine(updates.ToString(CultureInfo.InvariantCulture));
        _process.StandardInput.Flush();
        using JsonDocument answer = Answer(_process, "the peer");
        return (answer.RootElement.GetProperty("cpu_s").GetDouble(), answer.RootElement.GetProperty("wall_s").GetDouble());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000))
            _process.Kill();
        _process.Dispose();
    }

    private static JsonDocument Answer(Process process, string what)
    {
        string line = process.StandardOutput.ReadLine() ?? throw new FailureException($"{what} ended before it answered (exit code {process.ExitCode})", ExitCode.Failed);
        return JsonDocument.Parse(line);
    }

    private static bool HasTorch(string interpreter)
    {
        try
        {
            using Process? probe = Process.Start(StartOf(interpreter, ["-c", "import torch"]));
            probe?.StandardOutput.ReadToEnd();
            probe?.WaitForExit();
            return probe?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // no such interpreter
        }
    }

    private static ProcessStartInfo StartOf(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        start.RedirectStandardError = arguments.First() == "-c"; // an import that fails is an answer, not an error to show
        return start;
    }
}
