using System.Buffers.Binary;

namespace Robotics.Teleop;

/// <summary>A 3Dconnexion SpaceMouse behind a hidraw node: six axes of a puck that is pushed and twisted, and its buttons.</summary>
/// <remarks>Reports: id 1 x, y, z (and, on wireless and Pro models, pitch, roll, yaw behind them), id 2 pitch, roll, yaw, id 3 buttons;
/// axes are int16 little endian of about ±350. hidraw gives one report per read; a recording may hold several in one portion. Axes are
/// turned to x forward, y left, z up, right-handed (REP-103): the device itself has x right, y towards the user, z down.</remarks>
public sealed class SpaceMouse : InputDevice
{
    private const float FullScale = 350; // counts at the stop, as pyspacemouse and HIL-SERL use
    private const int AxesBytes = 7; // id and three axes
    private const int JointBytes = 13; // id and six axes

    private readonly IDeviceStream _stream;
    private readonly bool _joint;
    private readonly byte[] _bytes = new byte[64];

    /// <summary>A SpaceMouse on <paramref name="stream"/>; <paramref name="sixAxesInOneReport"/> for wireless and Pro models.</summary>
    public SpaceMouse(IDeviceStream stream, bool sixAxesInOneReport = false)
        : base($"SpaceMouse {stream?.Name}", ["x", "y", "z", "roll", "pitch", "yaw"], [.. Enumerable.Range(0, 16).Select(i => $"button_{i}")])
    {
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _joint = sixAxesInOneReport;
        IsPresent = true;
    }

    /// <summary>Reports that were none.</summary>
    public long Malformed { get; private set; }

    /// <inheritdoc/>
    public override void Poll(long nowNs)
    {
        while (IsPresent)
        {
            int count = _stream.Read(_bytes);
            if (count == 0)
                return;
            if (count < 0)
            {
                IsPresent = false;
                Trouble = $"{Name} has gone: plug it in again and restart the teleoperation node";
                ReleaseAll();
                return;
            }
            Take(_bytes.AsSpan(0, count));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _stream.Dispose();
        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int length = bytes[0] switch
            {
                1 => _joint ? JointBytes : AxesBytes,
                2 => AxesBytes,
                3 => bytes.Length, // as many buttons as the model has: the rest of the report
                _ => bytes.Length + 1,
            };
            if (length > bytes.Length)
            {
                Malformed++;
                return;
            }
            Apply(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    private void Apply(ReadOnlySpan<byte> report)
    {
        switch (report[0])
        {
            case 1:
                SetAxis(0, -At(report, 3));
                SetAxis(1, -At(report, 1));
                SetAxis(2, -At(report, 5));
                if (report.Length == JointBytes)
                    Rotate(report[6..]);
                break;
            case 2:
                Rotate(report);
                break;
            default:
                for (int i = 0; i < ButtonNames.Count; i++)
                    SetButton(i, 1 + (i / 8) < report.Length && ((report[1 + (i / 8)] >> (i % 8)) & 1) != 0);
                break;
        }
    }

    private void Rotate(ReadOnlySpan<byte> report)
    {
        SetAxis(3, -At(report, 3));
        SetAxis(4, -At(report, 1));
        SetAxis(5, -At(report, 5));
    }

    private static float At(ReadOnlySpan<byte> report, int offset) => BinaryPrimitives.ReadInt16LittleEndian(report[offset..]) / FullScale;
}
