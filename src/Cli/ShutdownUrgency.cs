namespace Robotics.Cli;

/// <summary>What one more signal means.</summary>
internal enum ShutdownUrgency
{
    /// <summary>The first wish: end in order.</summary>
    InOrder,

    /// <summary>The same wish once more.</summary>
    Known,

    /// <summary>A person does not want to wait.</summary>
    AtOnce,
}
