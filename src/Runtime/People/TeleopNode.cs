using System.Buffers.Binary;
using System.Security.Cryptography;
using Robotics.Teleop;
using Robotics.Transport;

namespace Robotics.Runtime.People;

/// <summary>The operator's end of teleoperation: reads the device, maps it, and sends what the person asks for.</summary>
/// <remarks>One thread. Nothing here can move the robot for longer than one lease without a person holding the switch.</remarks>
public sealed class TeleopNode
{
    /// <summary>Frames are sent this often, ns: 50 Hz, five to a lease of 100 ms, so that four lost in a row lose nothing.</summary>
    public const long FrameIntervalNs = 20_000_000;

    private const long HelloIntervalNs = 500_000_000;
    private const long SilenceNs = 500_000_000; // 25 states missed: the agent was restarted or is gone, say hello anew

    private readonly IEdgeChannel _channel;
    private readonly InputDevice _device;
    private readonly InputMapping _mapping;
    private readonly TeleopHello _hello;
    private readonly ulong _session = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
    private readonly byte[] _buffer = new byte[TeleopMessage.MaxBytes];
    private TeleopGrant? _grant;
    private ulong _sequence;
    private uint _actions;
    private TeleopAction _action;
    private long _frameDueNs;
    private long _helloDueNs;
    private long _stateNs = long.MinValue;
    private bool _wasHeld;

    /// <summary>A node of <paramref name="person"/> at <paramref name="device"/>.</summary>
    public TeleopNode(IEdgeChannel channel, InputDevice device, InputMapping mapping, string person, IReadOnlyList<string> motions)
    {
        _channel = channel ?? throw new ArgumentNullException(nameof(channel));
        _device = device ?? throw new ArgumentNullException(nameof(device));
        _mapping = mapping ?? throw new ArgumentNullException(nameof(mapping));
        _hello = new TeleopHello(person, mapping.Name, motions);
    }

    /// <summary>The robot's newest word; null before the first, and where it has fallen silent.</summary>
    public TeleopState? State { get; private set; }

    /// <summary>Name of the robot; empty before it let this node in.</summary>
    public string Robot => _grant?.Robot ?? "";

    /// <summary>Why the robot does not let this node in; empty where it does or has not said.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>Why there is no connection, in words; empty where nothing is known to be wrong.</summary>
    public string Trouble => _channel.Trouble;

    /// <summary>Frames sent.</summary>
    public long Sent { get; private set; }

    /// <summary>One round: device, robot's word, frame.</summary>
    public void Pump(long nowNs)
    {
        _device.Poll(nowNs);
        _mapping.Apply(_device, nowNs);
        while (_channel.TryReceive(out ReadOnlySpan<byte> message))
            Take(message, nowNs);
        if (_stateNs != long.MinValue && nowNs - _stateNs > SilenceNs)
            Forget();
        if (_grant is null)
            SayHello(nowNs);
        else
            Send(nowNs);
    }

    /// <summary>Lets go, explicitly: the last frame says so.</summary>
    public void LetGo()
    {
        if (_grant is not null)
            Send(held: false, []);
    }

    private void Take(ReadOnlySpan<byte> message, long nowNs)
    {
        if (!TeleopMessage.TryReadHead(message, out TeleopKind kind, out ulong session) || session != _session)
            return;
        if (kind == TeleopKind.Grant && TeleopGrant.TryRead(message, out TeleopGrant? grant))
        {
            _grant = grant;
            _stateNs = nowNs;
            Refusal = "";
        }
        else if (kind == TeleopKind.Refuse && TeleopRefusal.TryRead(message, out TeleopRefusal? refusal))
        {
            Refusal = refusal!.Reason;
        }
        else if (kind == TeleopKind.State && TeleopState.TryRead(message, out TeleopState? state))
        {
            State = state;
            _stateNs = nowNs;
        }
    }

    private void Forget()
    {
        _grant = null;
        State = null;
        _stateNs = long.MinValue;
    }

    private void SayHello(long nowNs)
    {
        while (_mapping.TryTakeAction(out _))
        {
            // pressed while nobody could hear it: acting on it later would surprise
        }
        if (nowNs < _helloDueNs)
            return;
        _helloDueNs = nowNs + HelloIntervalNs;
        _channel.TrySend(_hello.Write(_buffer, _session));
    }

    private void Send(long nowNs)
    {
        bool acts = _mapping.TryTakeAction(out TeleopAction action);
        if (acts)
        {
            _action = action;
            _actions++;
        }
        if (nowNs < _frameDueNs && !acts && _mapping.IsHeld == _wasHeld)
            return;
        _frameDueNs = nowNs + FrameIntervalNs;
        Send(_mapping.IsHeld, _mapping.Motions);
    }

    private void Send(bool held, ReadOnlySpan<float> motions)
    {
        Span<float> values = stackalloc float[_hello.Motions.Count];
        values.Clear();
        motions.CopyTo(values);
        _wasHeld = held;
        var frame = new TeleopMotion
        {
            Nonce = _grant!.Nonce,
            Sequence = ++_sequence,
            EchoNs = State?.AgentTimeNs ?? 0,
            Held = held,
            Action = _action,
            ActionCount = _actions,
            Motions = values,
        };
        if (_channel.TrySend(frame.Write(_buffer, _session)))
            Sent++;
    }
}
