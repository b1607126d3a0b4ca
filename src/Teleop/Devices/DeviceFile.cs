using System.Runtime.InteropServices;

namespace Robotics.Teleop;

/// <summary>A device node (<c>/dev/input/event3</c>, <c>/dev/hidraw0</c>), a FIFO or a file, read without waiting.</summary>
public sealed unsafe class DeviceFile : IDeviceStream, IEvdevQuery
{
    private const int Readable = 1; // POLLIN, poll.h

    private readonly int _descriptor;
    private readonly bool _owns;
    private bool _hasSpoken;

    private DeviceFile(string name, int descriptor, bool owns)
    {
        Name = name;
        _descriptor = descriptor;
        _owns = owns;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens <paramref name="path"/>. A FIFO whose writer has not come yet simply gives nothing; once it has gone, so has the device.</summary>
    /// <exception cref="IOException">It is not there, or this user may not read it.</exception>
    public static DeviceFile Open(string path)
    {
        int descriptor = Native.Open(path, Native.NonBlocking | Native.CloseOnExec);
        if (descriptor < 0)
            throw new IOException($"cannot open {path}: {Marshal.GetLastPInvokeErrorMessage()}; is it plugged in, and is this user in the group 'input' (hardware/70-robotics-teleop.rules)?");
        return new DeviceFile(path, descriptor, owns: true);
    }

    /// <summary>Standard input of this process.</summary>
    public static DeviceFile StandardInput() => new("standard input", 0, owns: false);

    /// <inheritdoc/>
    public int Read(Span<byte> buffer)
    {
        // Standard input may not be made non-blocking (the terminal shares it with the shell), so poll(2) says what read(2) would do.
        var poll = new Native.PollDescriptor { Descriptor = _descriptor, Events = Readable };
        if (Native.Poll(&poll, 1, 0) <= 0)
            return 0;
        fixed (byte* b = buffer)
        {
            nint count = Native.Read(_descriptor, b, (nuint)buffer.Length);
            if (count > 0)
            {
                _hasSpoken = true;
                return (int)count;
            }
            if (count < 0)
                return Marshal.GetLastPInvokeError() is Native.Again or Native.Interrupted ? 0 : -1;
            bool writerNotThereYet = _owns && !_hasSpoken && (poll.Returned & Readable) == 0;
            return writerNotThereYet ? 0 : -1;
        }
    }

    /// <inheritdoc/>
    public bool TryAxisRange(int code, out int minimum, out int maximum, out int value)
    {
        Span<int> info = stackalloc int[6]; // struct input_absinfo: value, minimum, maximum, fuzz, flat, resolution
        fixed (int* p = info)
        {
            bool known = Native.Ioctl(_descriptor, EvdevCodes.ReadAbsolute(code), p) >= 0;
            (value, minimum, maximum) = (info[0], info[1], info[2]);
            return known && maximum > minimum;
        }
    }

    /// <inheritdoc/>
    public bool TryKeys(Span<byte> bits)
    {
        fixed (byte* p = bits)
            return Native.Ioctl(_descriptor, EvdevCodes.ReadKeys(bits.Length), p) >= 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owns)
            _ = Native.Close(_descriptor);
    }
}
