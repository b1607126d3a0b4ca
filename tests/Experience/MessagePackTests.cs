using System.Diagnostics;
using Robotics.Tests.Shared;

namespace Robotics.Experience.Tests;

public sealed class MessagePackTests
{
    private static readonly ulong[] Unsigned = [0, 1, 127, 128, 255, 256, 65_535, 65_536, uint.MaxValue, 1ul + uint.MaxValue, long.MaxValue, ulong.MaxValue];
    private static readonly long[] Signed = [-1, -32, -33, -128, -129, -32_768, -32_769, int.MinValue, int.MinValue - 1L, long.MinValue];

    // Both independent implementations read what we write and write it back; the shortest forms are unique, so the bytes must be the same.
    [Theory]
    [Trait("Category", "Interop")]
    [InlineData("python3-msgpack")]
    [InlineData("@msgpack/msgpack")]
    public void Written_ThroughAnotherImplementation_ComesBackTheSameAndIsRead(string peer)
    {
        byte[] ours = Everything();
        byte[] theirs = peer[0] == '@'
            ? Pipe("node", ["echo.mjs"], Path.Combine(SharedData.RepositoryRoot, "tests", "peers", "link"), ours)
            : Pipe("/usr/bin/python3", ["-c", "import sys, msgpack; sys.stdout.buffer.write(msgpack.packb(msgpack.unpackb(sys.stdin.buffer.read(), strict_map_key=False)))"], ".", ours);
        Assert.Equal(Convert.ToHexString(ours), Convert.ToHexString(theirs));
        ReadEverything(theirs);
    }

    [Fact]
    public void Written_Everything_IsReadBack() => ReadEverything(Everything());

    [Fact]
    public void Read_CutAnywhere_FailsAndGivesNothing()
    {
        byte[] whole = Everything();
        for (int length = 0; length < whole.Length; length++)
        {
            var reader = new MessagePackReader(whole.AsSpan(0, length));
            reader.Skip();
            Assert.True(reader.Failed, $"{length}");
        }
    }

    [Fact]
    public void Skip_ArraysWithinArrays_NeedsNoStack()
    {
        var nested = new byte[10_000_000];
        nested.AsSpan().Fill(0x91);
        nested[^1] = 0xC0;
        var reader = new MessagePackReader(nested);
        reader.Skip();
        Assert.True(reader.IsWhole);
    }

    [Theory]
    [InlineData("DDFFFFFFFF")] // an array of four thousand million values in five bytes
    [InlineData("DFFFFFFFFF")]
    [InlineData("DBFFFFFFFF41")]
    [InlineData("C1")]
    public void Skip_CountBeyondTheBytes_IsRefused(string hex)
    {
        var reader = new MessagePackReader(Convert.FromHexString(hex));
        reader.Skip();
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Write_BufferTooShort_SaysSo()
    {
        Span<byte> buffer = stackalloc byte[8];
        var writer = new MessagePackWriter(buffer);
        writer.Write(1.5);
        Assert.True(writer.Failed);
        Assert.Equal(0, writer.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Transition_ThroughMessagePack_GivesTheSameRecordBytes(bool last)
    {
        var record = new TransitionRecord(Transitions.Schema);
        Transitions.Fill(record, 12, last: last);
        var map = new byte[TransitionMessagePack.MaxLength(Transitions.Schema)];
        int length = TransitionMessagePack.Encode(record, map);
        Assert.InRange(length, 1, map.Length);
        var copy = new TransitionRecord(Transitions.Schema);
        Assert.Equal(DecodeStatus.Ok, TransitionMessagePack.TryDecode(map, copy, out int read));
        Assert.Equal(length, read);
        var bytes = new byte[Transitions.Schema.FinalRecordLength];
        // What follows the last step is not sent for another one.
        Assert.Equal(Transitions.Encode(12, last: last), bytes.AsSpan(0, TransitionCodec.Encode(copy, bytes)).ToArray());
    }

    [Fact]
    public void Transition_AFieldMissing_IsRefused()
    {
        var record = new TransitionRecord(Transitions.Schema);
        Transitions.Fill(record, 12);
        var map = new byte[TransitionMessagePack.MaxLength(Transitions.Schema)];
        int length = TransitionMessagePack.Encode(record, map);
        int at = map.AsSpan().IndexOf("episode"u8);
        map[at] = (byte)'E';
        Assert.Equal(DecodeStatus.BadField, TransitionMessagePack.TryDecode(map.AsSpan(0, length), record, out _));
    }

    [Fact]
    public void Transition_EncodeAndDecode_AllocateNothing()
    {
        var record = new TransitionRecord(Transitions.Schema);
        Transitions.Fill(record, 12, last: true);
        var map = new byte[TransitionMessagePack.MaxLength(Transitions.Schema)];
        AllocationGuard.AssertNone(() => TransitionMessagePack.TryDecode(map.AsSpan(0, TransitionMessagePack.Encode(record, map)), record, out _));
    }

    private static byte[] Everything()
    {
        var buffer = new byte[300_000];
        var w = new MessagePackWriter(buffer);
        w.WriteMapHeader(5);
        w.WriteString("numbers"u8);
        w.WriteArrayHeader(Unsigned.Length + Signed.Length + 1);
        foreach (ulong value in Unsigned)
            w.Write(value);
        foreach (long value in Signed)
            w.Write(value);
        w.Write(-1.5e300);
        w.WriteString("words"u8);
        w.WriteArrayHeader(3);
        w.WriteNil();
        w.Write(true);
        w.Write(false);
        w.WriteString("texts"u8);
        int[] lengths = [0, 31, 32, 255, 256, 65_535, 65_536];
        w.WriteArrayHeader(lengths.Length);
        foreach (int length in lengths)
            w.WriteString(new string('x', length).Select(c => (byte)c).ToArray());
        w.WriteString("bytes"u8);
        w.WriteArrayHeader(3);
        foreach (int length in (int[])[255, 256, 300])
            w.Write(new byte[length]);
        w.WriteString("many"u8);
        w.WriteArrayHeader(70_000);
        for (int i = 0; i < 70_000; i++)
            w.Write((ulong)(i & 0x7F));
        Assert.False(w.Failed);
        return w.Written.ToArray();
    }

    private static void ReadEverything(ReadOnlySpan<byte> bytes)
    {
        var r = new MessagePackReader(bytes);
        Assert.Equal(5, r.ReadMapHeader());
        Assert.Equal("numbers"u8, r.ReadString());
        Assert.Equal(Unsigned.Length + Signed.Length + 1, r.ReadArrayHeader());
        foreach (ulong value in Unsigned)
            Assert.Equal(value, r.ReadUInt64());
        foreach (long value in Signed)
            Assert.Equal(value, r.ReadInt64());
        Assert.Equal(-1.5e300, r.ReadDouble());
        Assert.Equal("words"u8, r.ReadString());
        Assert.Equal(3, r.ReadArrayHeader());
        Assert.True(r.TryReadNil() && r.ReadBoolean() && !r.ReadBoolean());
        r.Skip();
        Assert.Equal(7, r.ReadArrayHeader());
        Assert.Equal((0, 31), (r.ReadString().Length, r.ReadString().Length));
        for (int i = 0; i < 5; i++)
            r.Skip();
        Assert.Equal("bytes"u8, r.ReadString());
        Assert.Equal(3, r.ReadArrayHeader());
        Assert.Equal((255, 256, 300), (r.ReadBytes().Length, r.ReadBytes().Length, r.ReadBytes().Length));
        Assert.Equal("many"u8, r.ReadString());
        Assert.Equal(MessagePackType.Array, r.NextType);
        r.Skip();
        Assert.True(r.IsWhole);
    }

    private static byte[] Pipe(string program, string[] arguments, string folder, byte[] input)
    {
        Assert.SkipUnless(program[0] != '/' || File.Exists(program), "needs python3-msgpack");
        Assert.SkipUnless(program != "node" || Directory.Exists(Path.Combine(folder, "node_modules", "@msgpack")), "needs @msgpack/msgpack: npm install --prefix tests/peers/link");
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(error.Contains("No module named 'msgpack'", StringComparison.Ordinal), "needs python3-msgpack");
        Assert.True(process.ExitCode == 0, error);
        return output.ToArray();
    }
}
