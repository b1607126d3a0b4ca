using Robotics.Core;
using Robotics.Models;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>A competent and hostile pilot: flies at a chosen velocity, whatever lies ahead.</summary>
/// <remarks>It is the quadrotor baseline itself with a steeper tilt limit, shown a velocity that is off by the one it wants.</remarks>
internal sealed class OutwardPilot
{
    private readonly QuadrotorBaseline _controller;
    private readonly BaselineInput _input;
    private readonly float[] _command = new float[4];

    public OutwardPilot(QuadrotorParameters parameters, ChannelLayout state, ChannelLayout command, double periodS)
    {
        var settings = new QuadrotorBaselineSettings { MaxTilt = 0.75 };
        _controller = new QuadrotorBaseline(QuadrotorAirframe.From(parameters), settings, state, command, new MotionLimits(), periodS);
        _input = new BaselineInput(state.Count, command.Count);
        _input.Fresh.Fill(true);
    }

    public void Propose(CampaignRig rig, ReadOnlySpan<double> velocity)
    {
        rig.Faults.TrueSample.Values.CopyTo(_input.Values);
        rig.Emitted.CopyTo(_input.LastCommand);
        for (int i = 0; i < 3; i++)
            _input.Values[7 + i] -= (float)velocity[i];
        _controller.Compute(_input, BaselineGoal.Hold, inCharge: false, _command);
        rig.Propose(_command[0], _command[1], _command[2], _command[3]);
    }
}
