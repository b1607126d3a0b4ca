namespace Robotics.Transport;

/// <summary>Which policy, as plain numbers: this room knows no policies.</summary>
/// <param name="Run">Identity of the training run.</param>
/// <param name="Epoch">Learner epoch.</param>
/// <param name="Counter">Counter within the epoch.</param>
/// <param name="ContentHash">First 8 bytes of the content's SHA-256; 0 for no policy.</param>
public readonly record struct PolicyStamp(ulong Run, uint Epoch, uint Counter, ulong ContentHash);
