namespace Robotics.Runtime.Campaign;

/// <summary>The robots of a campaign, one set per thread.</summary>
internal sealed class CampaignRigs(ulong seed) : IDisposable
{
    /// <summary>Quadrotor at 500 Hz.</summary>
    public CampaignRig Quad { get; } = new(CampaignRobots.Quadrotor(500), seed);

    /// <summary>The same at 100 Hz, for flights of seconds.</summary>
    public CampaignRig Slow { get; } = new(CampaignRobots.Quadrotor(100), seed);

    /// <summary>The quadrotor at 500 Hz with every arming check required.</summary>
    public CampaignRig Checked { get; } = new(
        CampaignRobots.Quadrotor(500).Replace(
            "checks: []", "device_timeout_ms: 500, checks: [policy, calibration, device_timeout, device_identity, clock, disk, recorder, watchdog, learner]", StringComparison.Ordinal),
        seed);

    /// <summary>Flies <see cref="Slow"/> where it should not.</summary>
    public OutwardPilot Pilot { get; } = CampaignRobots.Pilot(100);

    /// <summary>All of them.</summary>
    public IReadOnlyList<CampaignRig> All => [Quad, Slow, Checked];

    /// <summary>From now on periods last as long as they say.</summary>
    public void OnTheWall()
    {
        foreach (CampaignRig rig in All)
            rig.Pace = new CampaignPace();
    }

    /// <summary>The seed everything random comes from.</summary>
    public ulong Seed => seed;

    public void Dispose()
    {
        Quad.Dispose();
        Slow.Dispose();
        Checked.Dispose();
    }
}
