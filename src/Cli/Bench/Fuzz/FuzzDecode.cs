namespace Robotics.Cli.Bench;

/// <summary>Reads bytes from outside; true where it took them for what they claim to be. Throws only where it is wrong itself.</summary>
internal delegate bool FuzzDecode(ReadOnlySpan<byte> bytes);
