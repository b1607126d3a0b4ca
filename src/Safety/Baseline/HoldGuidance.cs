namespace Robotics.Safety;

/// <summary>Where a hovering vehicle is to go when its baseline takes over: brakes, holds where it stopped, lands: a velocity in the world frame.</summary>
/// <remarks>Towards the hold point v* = min(k·e, √(a·e), v_max). Control thread only; allocates nothing.</remarks>
internal sealed class HoldGuidance
{
    private const double RestSpeed = 0.25; // m/s: slower than this counts as stopped
    private readonly int[]? _position;
    private readonly int[]? _velocity;
    private readonly QuadrotorBaselineSettings _settings;
    private readonly double _positionGain;
    private readonly double _horizontal;
    private readonly double _vertical;
    private readonly double[] _holdMin = [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity];
    private readonly double[] _holdMax = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
    private readonly double[] _hold = new double[3];
    private bool _holding;
    private bool _landing;
    private bool _stopped;

    /// <summary>Guidance by the channels <paramref name="position"/> and <paramref name="velocity"/> (null: the robot does not know them).</summary>
    /// <param name="cage">The hold point stays well inside it.</param>
    /// <param name="positionGain">k, 1/s.</param>
    /// <param name="horizontal">a on x and y, m/s².</param>
    /// <param name="vertical">a on z, m/s².</param>
    public HoldGuidance(
        int[]? position, int[]? velocity, QuadrotorBaselineSettings settings, CageLimits? cage, double positionGain, double horizontal, double vertical)
    {
        _position = position;
        _velocity = velocity;
        _settings = settings;
        _positionGain = positionGain;
        _horizontal = horizontal;
        _vertical = vertical;
        KeepInside(cage);
    }

    /// <summary>True once a stop or a limp has ended on the ground.</summary>
    public bool Landed { get; private set; }

    /// <summary>How far a stop has come.</summary>
    public BaselineRest Rest => Landed ? BaselineRest.Unpowered : _stopped ? BaselineRest.Held : BaselineRest.Moving;

    /// <summary>Writes the wanted velocity, m/s; false where the vehicle does not know its place and only sinks.</summary>
    public bool Want(BaselineInput input, BaselineGoal goal, bool inCharge, Span<double> wanted)
    {
        bool knowsPlace = _position is not null && _velocity is not null && input.AreFresh(_position) && input.AreFresh(_velocity);
        if (!inCharge)
            Release();
        else if (!_holding && knowsPlace)
            Take(input);
        for (int i = 0; i < 3; i++)
            wanted[i] = _holding && knowsPlace ? Approach(_hold[i] - input.Values[_position![i]], Limit(i)) : 0;
        Descend(input, goal, knowsPlace, wanted);
        return knowsPlace;
    }

    /// <summary>Forgets the hold point.</summary>
    public void Release()
    {
        _holding = false;
        _landing = false;
        _stopped = false;
        Landed = false;
    }

    private void Descend(BaselineInput input, BaselineGoal goal, bool knowsPlace, Span<double> wanted)
    {
        if (goal == BaselineGoal.Hold && knowsPlace)
            return;
        bool still = knowsPlace && Speed(input) < RestSpeed;
        bool knowsGround = knowsPlace && !double.IsNaN(_settings.Ground);
        _stopped = goal == BaselineGoal.Stop && still && !knowsGround;
        _landing |= knowsGround && (still || goal == BaselineGoal.Limp);
        if (_landing || goal == BaselineGoal.Limp || !knowsPlace)
            wanted[2] = -_settings.Descent;
        bool atRest = still || goal == BaselineGoal.Stop; // a limp sinks from where it is, so the ground itself must have stopped it
        Landed |= knowsGround && _landing && atRest && input.Values[_position![2]] <= _settings.Ground + 0.05; // 5 cm: landing gear
    }

    private void Take(BaselineInput input)
    {
        for (int i = 0; i < 3; i++)
        {
            double v = input.Values[_velocity![i]];
            double stop = input.Values[_position![i]] + (v * Math.Abs(v) / (2 * Limit(i)));
            _hold[i] = Math.Clamp(stop, _holdMin[i], _holdMax[i]);
        }
        _holding = true;
    }

    // Speed towards a point at distance e that can still brake with half the acceleration: the smaller of k·e and √(a e).
    private double Approach(double distance, double acceleration)
    {
        double e = Math.Abs(distance);
        return Math.Sign(distance) * Math.Min(Math.Min(_positionGain * e, Math.Sqrt(acceleration * e)), _settings.MaxSpeed);
    }

    private double Limit(int axis) => axis == 2 ? _vertical : _horizontal;

    private double Speed(BaselineInput input)
    {
        double sum = 0;
        foreach (int channel in _velocity!)
            sum += (double)input.Values[channel] * input.Values[channel];
        return Math.Sqrt(sum);
    }

    private void KeepInside(CageLimits? cage)
    {
        for (int i = 0; cage is not null && i < 3; i++)
        {
            double inset = Math.Min(cage.Margin + (0.15 * (cage.Max[i] - cage.Min[i])), 0.5 * (cage.Max[i] - cage.Min[i]));
            _holdMin[i] = cage.Min[i] + inset;
            _holdMax[i] = cage.Max[i] - inset;
        }
    }
}
