using Robotics.Core;

namespace Robotics.Policies.Tests;

public sealed class PolicyStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policy-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static PolicyIdentity InstalledIn(PolicyStore store)
    {
        Assert.True(store.TryReadInstalled(out PolicyBundle? bundle, out _));
        return bundle!.Identity;
    }

    private PolicyStore StoreWith(params uint[] counters)
    {
        var store = new PolicyStore(_folder);
        foreach (uint counter in counters)
            Assert.True(store.TryInstall(Bundles.Bundle(counter: counter), out BundleRefusal refusal), refusal.ToString());
        return store;
    }

    [Fact]
    public void TryReadInstalled_EmptyStore_HasNone()
    {
        var store = new PolicyStore(_folder);
        Assert.False(store.TryReadInstalled(out _, out IReadOnlyList<BundleRefusal> skipped));
        Assert.Empty(skipped);
        Assert.Equal(PolicyIdentity.None, store.Installed);
    }

    [Fact]
    public void TryInstall_ThenReopen_HasTheLatestInstalled()
    {
        StoreWith(1, 2, 3);
        var reopened = new PolicyStore(_folder);
        Assert.Equal(Bundles.Bundle(counter: 3).Identity, InstalledIn(reopened));
        Assert.Equal([3u, 2u, 1u], reopened.List().Select(p => p.Identity.Counter));
        Assert.Equal([true, false, false], reopened.List().Select(p => p.IsInstalled));
    }

    [Fact]
    public void TryInstall_MoreThanKept_RemovesTheOldest()
    {
        var store = new PolicyStore(_folder, keep: 3, flush: false);
        for (uint i = 1; i <= 6; i++)
            store.TryInstall(Bundles.Bundle(counter: i), out _);
        Assert.Equal([6u, 5u, 4u], store.List().Select(p => p.Identity.Counter));
        Assert.Equal(3, Directory.GetFiles(_folder, "*.rpb").Length);
    }

    [Theory]
    [InlineData("bundle", 1)]
    [InlineData("installed", 2)]
    public void TryInstall_CrashAfterEachStep_LeavesExactlyOneValidPolicy(string step, uint expected)
    {
        StoreWith(1);
        var crashing = new PolicyStore(_folder) { StepDone = s => CrashAt(s, step) };
        Assert.Throws<InvalidOperationException>(() => crashing.TryInstall(Bundles.Bundle(counter: 2), out _));
        Assert.Equal(expected, InstalledIn(new PolicyStore(_folder)).Counter);
        Assert.Single(new PolicyStore(_folder).List(), p => p.IsInstalled);
    }

    // What a crash in the middle of a write leaves: a temporary file of any length.
    [Fact]
    public void Open_LeftoverOfACrash_IsRemovedAndNeverInstalled()
    {
        StoreWith(1);
        byte[] next = Bundles.Write(counter: 2);
        for (int length = 0; length < next.Length; length += 97)
        {
            File.WriteAllBytes(Path.Combine(_folder, "0102030405060708-0000000001-0000000002-0000000000000000.rpb.tmp"), next[..length]);
            File.WriteAllText(Path.Combine(_folder, "installed.tmp"), "half of a na");
            Assert.Equal(1u, InstalledIn(new PolicyStore(_folder)).Counter);
        }
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));
    }

    [Fact]
    public void TryReadInstalled_InstalledFileDamaged_TakesTheOneBeforeAndTells()
    {
        PolicyStore store = StoreWith(1, 2);
        string path = store.List()[0].Path;
        byte[] bytes = File.ReadAllBytes(path);
        bytes[100] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.True(store.TryReadInstalled(out PolicyBundle? bundle, out IReadOnlyList<BundleRefusal> skipped));
        Assert.Equal(1u, bundle!.Identity.Counter);
        Assert.Equal(BundleCheck.Digest, Assert.Single(skipped).Check);
    }

    [Fact]
    public void TryReadInstalled_FileUnderAnotherName_IsRefused()
    {
        PolicyStore store = StoreWith(1, 2);
        File.Copy(store.List()[1].Path, store.List()[0].Path, overwrite: true);
        Assert.True(store.TryReadInstalled(out PolicyBundle? bundle, out IReadOnlyList<BundleRefusal> skipped));
        Assert.Equal(1u, bundle!.Identity.Counter);
        Assert.Equal(BundleCheck.Storage, Assert.Single(skipped).Check);
    }

    [Fact]
    public void TryRollBack_TwoInstalled_ReinstallsTheFirst()
    {
        PolicyStore store = StoreWith(1, 2);
        Assert.True(store.TryRollBack(out PolicyBundle? bundle, out _));
        Assert.Equal(1u, bundle!.Identity.Counter);
        Assert.Equal(1u, InstalledIn(new PolicyStore(_folder)).Counter);
        Assert.False(store.TryRollBack(out _, out BundleRefusal refusal));
        Assert.Equal(BundleCheck.Storage, refusal.Check);
    }

    [Fact]
    public void TryPin_OlderPolicy_InstallsItAndRefusesOthersUntilUnpinned()
    {
        PolicyStore store = StoreWith(1, 2);
        PolicyIdentity first = store.List()[1].Identity;
        Assert.True(store.TryPin(first, out _, out _));
        Assert.Equal(first, InstalledIn(new PolicyStore(_folder)));
        Assert.False(store.TryInstall(Bundles.Bundle(counter: 3), out BundleRefusal refusal));
        Assert.Equal(BundleCheck.Pinned, refusal.Check);
        Assert.True(store.TryUnpin(out _));
        Assert.True(store.TryInstall(Bundles.Bundle(counter: 3), out _));
    }

    [Fact]
    public void TryInstall_FolderGone_IsADiagnosis()
    {
        PolicyStore store = StoreWith(1);
        Directory.Delete(_folder, recursive: true);
        Assert.False(store.TryInstall(Bundles.Bundle(counter: 2), out BundleRefusal refusal));
        Assert.Equal(BundleCheck.Storage, refusal.Check);
        Directory.CreateDirectory(_folder);
    }

    private static void CrashAt(string step, string chosen)
    {
        if (string.Equals(step, chosen, StringComparison.Ordinal))
            throw new InvalidOperationException("crash");
    }
}
