using Robotics.Core;

namespace Robotics.Experience;

/// <summary>One policy step as it happened: everything a learner may ever want to know of it. One instance is reused for all steps.</summary>
/// <remarks>
/// The next observation of a step is the frame of the next sequence number of the same episode; only the last step of an episode
/// carries its own (<see cref="FinalFrame"/>), so no observation is stored twice and none can be the wrong one.
/// Not thread-safe: belongs to whoever fills or decodes it.
/// </remarks>
public sealed class TransitionRecord
{
    private readonly float[] _frame, _privileged, _proposed, _human, _executed, _finalFrame, _finalPrivileged;
    private readonly byte[] _images, _finalImages;

    /// <summary>An empty record of the shape of <paramref name="schema"/>.</summary>
    public TransitionRecord(TransitionSchema schema)
    {
        Schema = schema ?? throw new ArgumentNullException(nameof(schema));
        _frame = new float[schema.FrameLength];
        _privileged = new float[schema.PrivilegedLength];
        _proposed = new float[schema.ActionLength];
        _human = new float[schema.ActionLength];
        _executed = new float[schema.ActionLength];
        _images = new byte[schema.ImageBytes];
        _finalFrame = new float[schema.FrameLength];
        _finalPrivileged = new float[schema.PrivilegedLength];
        _finalImages = new byte[schema.ImageBytes];
    }

    /// <summary>Shape of all parts.</summary>
    public TransitionSchema Schema { get; }

    /// <summary>Which transition this is.</summary>
    public TransitionIdentity Identity { get; set; }

    /// <summary>Number of the episode within the boot, from 0.</summary>
    public ulong Episode { get; set; }

    /// <summary>Number of the policy step within the episode, from 0.</summary>
    public uint Step { get; set; }

    /// <summary>What happened in this step.</summary>
    public TransitionFlags Flags { get; set; }

    /// <summary>Whose action was executed (before safety).</summary>
    public ActionSource Source { get; set; }

    /// <summary>Most severe safety action of the ticks of this step.</summary>
    public SafetyAction SafetyAction { get; set; }

    /// <summary>All causes that were active in the ticks of this step.</summary>
    public SafetyCauses Causes { get; set; }

    /// <summary>Command channels that safety changed in any tick of this step, bit i = channel i.</summary>
    public ulong ClampMask { get; set; }

    /// <summary>The policy that was installed (and that proposed, where <see cref="TransitionFlags.HasProposed"/>).</summary>
    public PolicyIdentity Policy { get; set; }

    /// <summary>Reward as the edge computed it; for display and for robots whose reward only the edge can know. Task units.</summary>
    public float Reward { get; set; }

    /// <summary>Version of the reward weights that <see cref="Reward"/> was computed with.</summary>
    public uint RewardVersion { get; set; }

    /// <summary>Time of the sample that the frame was built from, ns of the edge's clock.</summary>
    public long SampleTimeNs { get; set; }

    /// <summary>Time at which the first command of this step was handed to the driver, ns of the edge's clock.</summary>
    public long CommandTimeNs { get; set; }

    /// <summary>Observation at the start of the step, without action history. Shape [FrameLength], task units.</summary>
    public Span<float> Frame => _frame;

    /// <summary>Privileged observation at the start of the step. Shape [PrivilegedLength].</summary>
    public Span<float> Privileged => _privileged;

    /// <summary>Action the policy gave, exploration included. Shape [ActionLength], normalised units.</summary>
    public Span<float> Proposed => _proposed;

    /// <summary>Action a person gave. Shape [ActionLength], normalised units.</summary>
    public Span<float> Human => _human;

    /// <summary>Action that went to the actuators after safety. Shape [ActionLength], normalised units.</summary>
    public Span<float> Executed => _executed;

    /// <summary>All images of the step, one after the other. Shape [ImageBytes], bytes.</summary>
    public Span<byte> Images => _images;

    /// <summary>Observation after the last step of an episode. Valid with <see cref="TransitionFlags.HasFinal"/>.</summary>
    public Span<float> FinalFrame => _finalFrame;

    /// <summary>Privileged observation after the last step of an episode. Valid with <see cref="TransitionFlags.HasFinal"/>.</summary>
    public Span<float> FinalPrivileged => _finalPrivileged;

    /// <summary>Images after the last step of an episode. Valid with <see cref="TransitionFlags.HasFinal"/>.</summary>
    public Span<byte> FinalImages => _finalImages;

    /// <summary>The task ended here.</summary>
    public bool Terminated => (Flags & TransitionFlags.Terminated) != 0;

    /// <summary>The episode was cut here.</summary>
    public bool Truncated => (Flags & TransitionFlags.Truncated) != 0;

    /// <summary>This is the last step of its episode.</summary>
    public bool HasFinal => (Flags & TransitionFlags.HasFinal) != 0;

    /// <summary>Forgets everything but the shape.</summary>
    public void Clear()
    {
        Identity = default;
        Episode = 0;
        Step = 0;
        Flags = TransitionFlags.None;
        Source = ActionSource.None;
        SafetyAction = SafetyAction.Nominal;
        Causes = SafetyCauses.None;
        ClampMask = 0;
        Policy = default;
        Reward = 0;
        RewardVersion = 0;
        SampleTimeNs = 0;
        CommandTimeNs = 0;
        Frame.Clear();
        Privileged.Clear();
        Proposed.Clear();
        Human.Clear();
        Executed.Clear();
        Images.Clear();
        FinalFrame.Clear();
        FinalPrivileged.Clear();
        FinalImages.Clear();
    }
}
