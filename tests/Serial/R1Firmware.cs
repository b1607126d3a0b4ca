using System.Diagnostics;
using System.Runtime.InteropServices;
using Robotics.Drivers.Serial;
using Robotics.Tests.Shared;

namespace Robotics.Serial.Tests;

/// <summary>The reference firmware compiled by gcc into a library and run on handed-in time: the C code itself, without waiting.</summary>
internal sealed unsafe class R1Firmware : IDisposable
{
    private static readonly Lazy<string> s_folder = new(Compile);
    private static readonly Lazy<nint> s_library = new(() => NativeLibrary.Load(Path.Combine(s_folder.Value, "libr1.so")));
    private readonly nint _firmware;
    private readonly GCHandle _self;
    private readonly IByteStream _stream;
    private readonly byte[] _buffer = new byte[256];

    public R1Firmware(IByteStream stream, int safeAction = 1, float rate = 10, int channels = 4)
    {
        _stream = stream;
        _firmware = Marshal.AllocHGlobal((int)((delegate* unmanaged<uint>)Symbol("r1_size"))());
        _self = GCHandle.Alloc(this);
        var limits = new float[channels * 4];
        for (int i = 0; i < channels; i++)
            ((ReadOnlySpan<float>)[-1, 1, rate, 0]).CopyTo(limits.AsSpan(i * 4));
        fixed (float* table = limits)
        {
            ((delegate* unmanaged<nint, float*, byte, byte, uint, delegate* unmanaged<nint, byte*, ushort, void>, nint, void>)Symbol("r1_init"))(
                _firmware, table, (byte)channels, (byte)safeAction, 12345, &Send, GCHandle.ToIntPtr(_self));
        }
    }

    public uint TimeUs { get; private set; } = 5_000_000;

    public byte State => ((delegate* unmanaged<nint, byte>)Symbol("r1_current_state"))(_firmware);

    public float Output(int channel) => ((delegate* unmanaged<nint, byte, float>)Symbol("r1_output"))(_firmware, (byte)channel);

    /// <summary>One millisecond: bytes that arrived, then the tick.</summary>
    public void Millisecond()
    {
        TimeUs += 1000;
        while (_stream.TryRead(_buffer, out int n) == StreamStatus.Ok)
            Receive(_buffer.AsSpan(0, n));
        ((delegate* unmanaged<nint, uint, void>)Symbol("r1_tick"))(_firmware, TimeUs);
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
            ((delegate* unmanaged<nint, byte*, ushort, uint, void>)Symbol("r1_receive"))(_firmware, p, (ushort)bytes.Length, TimeUs);
    }

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
            return ((delegate* unmanaged<byte*, uint, uint>)Symbol("r1_crc32c"))(p, (uint)bytes.Length);
    }

    /// <summary>The firmware as a process on a pseudo-terminal; its standard output names the port.</summary>
    public static Process Start()
    {
        var process = new Process { StartInfo = new ProcessStartInfo(Path.Combine(s_folder.Value, "r1_firmware")) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true } };
        process.Start();
        return process;
    }

    public void Dispose()
    {
        Marshal.FreeHGlobal(_firmware);
        _self.Free();
    }

    [UnmanagedCallersOnly]
    private static void Send(nint context, byte* bytes, ushort length) =>
        ((R1Firmware)GCHandle.FromIntPtr(context).Target!)._stream.TryWrite(new ReadOnlySpan<byte>(bytes, length), out _);

    private static nint Symbol(string name) => NativeLibrary.GetExport(s_library.Value, name);

    private static string Compile()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "needs gcc to compile hardware/firmware");
        string source = Path.Combine(SharedData.RepositoryRoot, "hardware", "firmware");
        string folder = Directory.CreateTempSubdirectory("r1-firmware").FullName;
        string strict = "-std=c99 -Wall -Wextra -Werror -O2";
        Gcc($"{strict} -shared -fPIC -fsanitize=undefined -fsanitize-undefined-trap-on-error -o {folder}/libr1.so {source}/r1_firmware.c");
        Gcc($"{strict} -o {folder}/r1_firmware {source}/r1_posix.c {source}/r1_firmware.c");
        Gcc($"-std=c99 -Wall -Wextra -Werror -Os -ffreestanding -c -o {folder}/r1.o {source}/r1_firmware.c"); // as for a microcontroller
        return folder;
    }

    private static void Gcc(string arguments)
    {
        using Process gcc = Process.Start(new ProcessStartInfo("/usr/bin/gcc", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        string errors = gcc.StandardError.ReadToEnd();
        gcc.WaitForExit();
        Assert.True(gcc.ExitCode == 0, errors);
    }
}
