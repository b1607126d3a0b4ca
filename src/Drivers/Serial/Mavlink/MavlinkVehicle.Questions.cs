using System.Text;

namespace Robotics.Drivers.Serial.Mavlink;

/// <content>Commands and parameters: asked, repeated until answered, never assumed.</content>
public sealed partial class MavlinkVehicle
{
    private const long RepeatNs = SecondNs / 2; // MAVLink command protocol leaves it to the sender; QGroundControl waits longer for one try
    private const int MaxTries = 6;
    private const int ParamIdBytes = 16;
    private readonly float[] _commandArguments = new float[7];
    private readonly byte[] _parameterId = new byte[ParamIdBytes];
    private readonly byte[] _text = new byte[50];
    private ushort _command;
    private int _commandTries;
    private long _commandDueNs;
    private bool _parameterIsWrite;
    private bool _parameterIsInteger;
    private double _parameterWanted;
    private int _parameterTries;
    private long _parameterDueNs;

    /// <summary>State of the last command.</summary>
    public TransactionStatus Command { get; private set; }

    /// <summary>MAV_RESULT of the last answered command.</summary>
    public byte CommandResult { get; private set; }

    /// <summary>State of the last parameter question.</summary>
    public TransactionStatus Parameter { get; private set; }

    /// <summary>Value the autopilot gave for the parameter that was asked last.</summary>
    public double ParameterValue { get; private set; }

    /// <summary>The last STATUSTEXT of the autopilot: its own words for a refusal. Allocates.</summary>
    public string LastText
    {
        get
        {
            int end = Array.IndexOf(_text, (byte)0);
            return Encoding.ASCII.GetString(_text, 0, end < 0 ? _text.Length : end);
        }
    }

    /// <summary>Sends COMMAND_LONG and repeats it until it is answered; replaces an unanswered one.</summary>
    public void StartCommand(ushort command, float p1 = 0, float p2 = 0, float p3 = 0, float p4 = 0, float p5 = 0, float p6 = 0, float p7 = 0)
    {
        _command = command;
        ReadOnlySpan<float> arguments = [p1, p2, p3, p4, p5, p6, p7];
        arguments.CopyTo(_commandArguments);
        _commandTries = 0;
        _commandDueNs = long.MinValue;
        Command = TransactionStatus.Waiting;
        RepeatCommand(_clock.NowNs);
    }

    /// <summary>Arms or disarms; <paramref name="force"/> disarms in flight: the motors stop.</summary>
    public void StartArm(bool arm, bool force = false) =>
        StartCommand(MavlinkConstants.CommandArmDisarm, arm ? 1 : 0, force ? MavlinkConstants.ForceDisarm : 0);

    /// <summary>Asks for a firmware mode given as its custom_mode word.</summary>
    public void StartMode(uint customMode)
    {
        bool px4 = Autopilot == AutopilotKind.Px4;
        float main = px4 ? (customMode >> 16) & 0xFF : customMode;
        float sub = px4 ? customMode >> 24 : 0;
        StartCommand(MavlinkConstants.CommandDoSetMode, MavlinkConstants.CustomModeFlag, main, sub);
    }

    /// <summary>Asks for message <paramref name="id"/> at <paramref name="hz"/>.</summary>
    public void StartInterval(uint id, double hz) =>
        StartCommand(MavlinkConstants.CommandSetMessageInterval, id, (float)(1e6 / hz));

    /// <summary>Asks for message <paramref name="id"/> once.</summary>
    public void StartRequest(uint id) => StartCommand(MavlinkConstants.CommandRequestMessage, id);

    /// <summary>Writes a parameter. Accepted means that the autopilot answered with a value, which must still be compared.</summary>
    public void StartWrite(string name, double value, bool integer) => StartParameter(name, value, integer, write: true);

    /// <summary>Reads a parameter.</summary>
    public void StartRead(string name, bool integer) => StartParameter(name, 0, integer, write: false);

    private void StartParameter(string name, double value, bool integer, bool write)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, ParamIdBytes);
        Array.Clear(_parameterId);
        Encoding.ASCII.GetBytes(name, _parameterId);
        (_parameterWanted, _parameterIsInteger, _parameterIsWrite) = (value, integer, write);
        _parameterTries = 0;
        _parameterDueNs = long.MinValue;
        Parameter = TransactionStatus.Waiting;
        RepeatParameter(_clock.NowNs);
    }

    private void RepeatCommand(long now)
    {
        if (Command != TransactionStatus.Waiting || now < _commandDueNs)
            return;
        if (_commandTries == MaxTries)
        {
            Command = TransactionStatus.TimedOut;
            return;
        }
        Span<byte> payload = stackalloc byte[CommandLong.Length];
        ReadOnlySpan<float> a = _commandArguments;
        _ = new CommandLong(payload)
        {
            Param1 = a[0],
            Param2 = a[1],
            Param3 = a[2],
            Param4 = a[3],
            Param5 = a[4],
            Param6 = a[5],
            Param7 = a[6],
            Command = _command,
            TargetSystem = _targetSystem,
            TargetComponent = MavlinkConstants.AutopilotComponent,
            Confirmation = (byte)_commandTries,
        };
        Link.Send(CommandLong.Id, payload);
        _commandTries++;
        _commandDueNs = now + RepeatNs;
    }

    private void OnCommandAck(CommandAck m)
    {
        if (Command != TransactionStatus.Waiting || m.Command != _command)
            return;
        CommandResult = m.Result;
        if (m.Result == MavlinkConstants.ResultInProgress)
            _commandDueNs = _clock.NowNs + (4 * RepeatNs);
        else
            Command = m.Result == MavlinkConstants.ResultAccepted ? TransactionStatus.Accepted : TransactionStatus.Refused;
    }

    private void RepeatParameter(long now)
    {
        if (Parameter != TransactionStatus.Waiting || now < _parameterDueNs)
            return;
        if (_parameterTries == MaxTries)
        {
            Parameter = TransactionStatus.TimedOut;
            return;
        }
        if (_parameterIsWrite)
            SendParameterSet();
        else
            SendParameterRequest();
        _parameterTries++;
        _parameterDueNs = now + RepeatNs;
    }

    private void SendParameterSet()
    {
        Span<byte> payload = stackalloc byte[ParamSet.Length];
        var m = new ParamSet(payload)
        {
            ParamValue = EncodeParameter(_parameterWanted, _parameterIsInteger),
            ParamType = _parameterIsInteger ? MavlinkConstants.ParamInt32 : MavlinkConstants.ParamReal32,
            TargetSystem = _targetSystem,
            TargetComponent = MavlinkConstants.AutopilotComponent,
        };
        _parameterId.CopyTo(m.ParamId);
        Link.Send(ParamSet.Id, payload);
    }

    private void SendParameterRequest()
    {
        Span<byte> payload = stackalloc byte[ParamRequestRead.Length];
        var m = new ParamRequestRead(payload)
        {
            ParamIndex = -1, // by name
            TargetSystem = _targetSystem,
            TargetComponent = MavlinkConstants.AutopilotComponent,
        };
        _parameterId.CopyTo(m.ParamId);
        Link.Send(ParamRequestRead.Id, payload);
    }

    // PX4 puts the bits of the integer into the float field, ArduPilot its converted value; the capability bits say which.
    private float EncodeParameter(double value, bool integer) =>
        integer && IsBytewise ? BitConverter.Int32BitsToSingle((int)value) : (float)value;

    private bool IsBytewise => (Capabilities & MavlinkConstants.CapabilityParamBytewise) != 0;

    private void OnParameter(ParamValue m)
    {
        if (Parameter != TransactionStatus.Waiting || !m.ParamId.SequenceEqual(_parameterId))
            return;
        bool isReal = m.ParamType == MavlinkConstants.ParamReal32;
        ParameterValue = !isReal && IsBytewise ? BitConverter.SingleToInt32Bits(m.ParamValueValue) : m.ParamValueValue;
        Parameter = TransactionStatus.Accepted;
    }

    private void KeepText(Statustext m) => m.Text.CopyTo(_text);
}
