using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>What DDS knows about a sample: <c>dds_sample_info_t</c>, 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct SampleInfo
{
    private readonly uint _sampleState;
    private readonly uint _viewState;

    /// <summary>State of the instance; 16 is alive.</summary>
    public readonly uint InstanceState;

    private readonly byte _validData;

    /// <summary>When the writer wrote it, ns of the writer's wall clock. A label: it comes from outside.</summary>
    public readonly long SourceTimestampNs;

    /// <summary>Handle of the instance.</summary>
    public readonly ulong InstanceHandle;

    /// <summary>Handle of the writer that sent it, unique in this participant.</summary>
    public readonly ulong PublicationHandle;

    private readonly uint _disposedGeneration;
    private readonly uint _noWritersGeneration;
    private readonly uint _sampleRank;
    private readonly uint _generationRank;
    private readonly uint _absoluteGenerationRank;

    /// <summary>False where only the instance's state changed (the writer went away).</summary>
    public bool HasData => _validData != 0;
}
