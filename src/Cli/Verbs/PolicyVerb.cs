using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Robotics.Cli.Processes;
using Robotics.Core;
using Robotics.Policies;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics policy</c>: looks into policy files, signs and converts them, and rules over a robot's store.</summary>
internal static class PolicyVerb
{
    public static Command Build()
    {
        var command = new Command("policy", "Look into, sign, convert, pin and roll back policies. Example: robotics policy inspect hover.rpb");
        command.Subcommands.Add(Inspect());
        command.Subcommands.Add(Verify());
        command.Subcommands.Add(Keys());
        command.Subcommands.Add(Sign());
        command.Subcommands.Add(Diff());
        command.Subcommands.Add(Import());
        command.Subcommands.Add(Export());
        command.Subcommands.Add(Pin());
        command.Subcommands.Add(RollBack());
        return command;
    }

    private static Command Inspect()
    {
        Argument<string> file = FileArgument();
        var json = new Option<bool>("--json") { Description = "One line of JSON" };
        var command = new Command("inspect", "What a policy file says of itself. Example: robotics policy inspect hover.rpb --json") { file, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<(string Member, string Value)> members = PolicyDifference.Describe(Read(parsed.GetRequiredValue(file)));
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(members.ToDictionary(m => m.Member, m => m.Value, StringComparer.Ordinal)));
            else
                foreach ((string member, string value) in members)
                    Console.WriteLine($"{member,-18} {value}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Verify()
    {
        Argument<string> file = FileArgument();
        var keys = new Option<string[]>("--key") { Description = "Public key (PEM) of a trusted signer; then a signature is required" };
        var command = new Command("verify", "Checks hash, form, golden vectors and signature. Example: robotics policy verify hover.rpb --key signer.pub") { file, keys };
        command.SetAction(parsed =>
        {
            PolicyBundle bundle = Read(parsed.GetRequiredValue(file));
            TrustedKey[] trusted = [.. (parsed.GetValue(keys) ?? []).Select(PolicyKeys.ReadPublic)];
            PolicyManifest manifest = bundle.Manifest;
            var expectations = new PolicyExpectations
            {
                SchemaHash = manifest.SchemaHash,
                ObservationLength = manifest.Network.ObservationLength,
                ActionLength = manifest.Network.ActionLength,
                PolicyRateHz = manifest.PolicyRateHz,
                TrustedKeys = trusted,
                RequireSignature = trusted.Length > 0,
            };
            if (!new PolicyGate(expectations, ThreadCpuClock.Instance).Check(bundle, PolicyIdentity.None, out BundleRefusal refusal))
                throw new FailureException(refusal.ToString(), ExitCode.Incompatible);
            Console.WriteLine($"{bundle.Identity}: ok");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Keys()
    {
        var name = new Argument<string>("name") { Description = "Writes NAME.key (private, keep it) and NAME.pub (for the robots)" };
        var command = new Command("keys", "Makes a signer's key pair (ECDSA P-256). Example: robotics policy keys signer") { name };
        command.SetAction(parsed =>
        {
            string stem = parsed.GetRequiredValue(name);
            using var key = SigningKey.Generate();
            PolicyKeys.WritePrivate(stem + ".key", key);
            File.WriteAllText(stem + ".pub", key.Public.ToPem() + "\n");
            Console.WriteLine($"{stem}.key and {stem}.pub: key {key.Public.Id:x16}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Sign()
    {
        Argument<string> file = FileArgument();
        var key = new Option<string>("--key") { Description = "Private key (PEM) of the signer", Required = true };
        Option<string?> output = Output();
        var command = new Command("sign", "Signs a bundle. Example: robotics policy sign hover.rpb --key signer.key") { file, key, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file), keyPath = parsed.GetRequiredValue(key);
            PolicyBundle bundle = Read(path);
            using SigningKey signer = PolicyKeys.ReadPrivate(keyPath);
            Write(parsed.GetValue(output) ?? path, PolicyBundleWriter.Sign(bundle.Bytes.Span, signer));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Diff()
    {
        var first = new Argument<string>("first") { Description = "A policy file" };
        var second = new Argument<string>("second") { Description = "Another policy file" };
        var command = new Command("diff", "How two policies differ: manifest, weights, actions. Example: robotics policy diff a.rpb b.rpb") { first, second };
        command.SetAction(parsed =>
        {
            PolicyDifference difference = PolicyDifference.Between(Read(parsed.GetRequiredValue(first)), Read(parsed.GetRequiredValue(second)));
            foreach ((string member, string a, string b) in difference.Members)
                Console.WriteLine($"{member,-18} {a} | {b}");
            if (difference.SameNetwork)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"weights differ by {difference.RelativeWeightDifference:G4} (relative norm), actions by {difference.ActionDifference:G4} (root mean square)"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Import()
    {
        Argument<string> file = FileArgument();
        Option<string?> output = Output();
        var name = new Option<string?>("--name") { Description = "Name of the policy; the file's name by default" };
        var schema = new Option<string>("--schema") { Description = "Schema hash of the task it is to fly, 16 hexadecimal digits", DefaultValueFactory = _ => "0000000000000000" };
        var command = new Command("import", "Makes a bundle of a published policy (RAPTOR checkpoint). Example: robotics policy import policy.tar --output raptor.rpb") { file, output, name, schema };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file), text = parsed.GetRequiredValue(schema);
            if (text.Length != 16 || !ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hash))
                throw new FailureException($"--schema '{text}' is not 16 hexadecimal digits", ExitCode.Usage);
            PolicyBundle bundle = Read(path, parsed.GetValue(name) ?? Path.GetFileNameWithoutExtension(path), hash);
            Write(parsed.GetValue(output) ?? Path.ChangeExtension(path, ".rpb"), bundle.Bytes.Span);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Export()
    {
        Argument<string> file = FileArgument();
        Option<string?> output = Output();
        var command = new Command("export", "Writes a policy as ONNX (.onnx) or as safetensors. Example: robotics policy export hover.rpb --output hover.onnx") { file, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            PolicyBundle bundle = Read(path);
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(path, ".onnx");
            bool isTensors = target.EndsWith(".safetensors", StringComparison.Ordinal);
            Write(target, isTensors ? bundle.WeightsFile : OnnxExport.Write(bundle.Manifest.Network, bundle.Parameters, bundle.Manifest.Name));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Pin()
    {
        Option<string> store = StoreOption();
        var policy = new Argument<string?>("policy") { Description = "epoch.counter-content as `inspect` and the log show it; none: list the store", Arity = ArgumentArity.ZeroOrOne };
        var off = new Option<bool>("--off") { Description = "Take the pin away" };
        var command = new Command("pin", "Pins a policy of a robot's store: nothing else is installed. Example: robotics policy pin 0.12-9f3a... --store DIR") { policy, store, off };
        command.SetAction(parsed =>
        {
            PolicyStore policies = StoreAt(parsed.GetRequiredValue(store));
            BundleRefusal refusal = default;
            bool isDone = !parsed.GetValue(off) || policies.TryUnpin(out refusal);
            if (isDone && parsed.GetValue(policy) is { } text)
                isDone = policies.TryPin(Find(policies, text), out _, out refusal);
            if (!isDone)
                throw new FailureException(refusal.ToString());
            Print(policies);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command RollBack()
    {
        Option<string> store = StoreOption();
        var command = new Command("rollback", "Installs the policy before the present one. Takes effect when the agent reads its store. Example: robotics policy rollback --store DIR") { store };
        command.SetAction(parsed =>
        {
            PolicyStore policies = StoreAt(parsed.GetRequiredValue(store));
            if (!policies.TryRollBack(out _, out BundleRefusal refusal))
                throw new FailureException(refusal.ToString());
            Print(policies);
            return ExitCode.Ok;
        });
        return command;
    }

    private static PolicyStore StoreAt(string folder) => Directory.Exists(folder)
        ? new PolicyStore(folder)
        : throw new FailureException($"{folder}: no such folder; a robot keeps its policies in the folder bundles of its run (robotics run --folder)", ExitCode.Usage);

    private static void Print(PolicyStore store)
    {
        IReadOnlyList<StoredPolicy> kept = [.. store.List()];
        if (kept.Count == 0)
            Console.Error.WriteLine("robotics: no policy is kept there");
        foreach (StoredPolicy policy in kept)
            Console.WriteLine($"{policy.Identity}{(policy.IsInstalled ? " installed" : "")}{(policy.IsPinned ? " pinned" : "")}");
    }

    private static PolicyIdentity Find(PolicyStore store, string text)
    {
        StoredPolicy[] found = [.. store.List().Where(p => p.Identity.ToString().StartsWith(text, StringComparison.Ordinal))];
        return found.Length == 1
            ? found[0].Identity
            : throw new FailureException($"'{text}' names {found.Length} policies of the store, not 1; list them with: robotics policy pin --store DIR", ExitCode.Usage);
    }

    private static Argument<string> FileArgument() => new("file") { Description = "A policy bundle (.rpb) or a RAPTOR checkpoint (.tar)" };

    private static Option<string?> Output() => new("--output") { Description = "The file to write" };

    private static Option<string> StoreOption() => new("--store") { Description = "The robot's policy folder", Required = true };

    private static PolicyBundle Read(string path, string? name = null, ulong schema = 0) =>
        PolicyImport.TryReadAny(File.ReadAllBytes(path), name ?? Path.GetFileName(path), schema, out PolicyBundle? bundle, out string problem)
            ? bundle!
            : throw new FailureException(problem, ExitCode.Incompatible);

    // Whole or not at all: a reader never sees half a file.
    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".tmp";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, path, overwrite: true);
        Console.WriteLine($"{path}: {content.Length} bytes");
    }
}
