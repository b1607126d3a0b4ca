using Robotics.Core;

namespace Robotics.Policies;

/// <summary>One bundle of a store.</summary>
/// <param name="Identity">Which policy it is, from its file name.</param>
/// <param name="Path">Its file.</param>
/// <param name="IsInstalled">True for the one that is installed.</param>
/// <param name="IsPinned">True where it is pinned: nothing else is installed until it is unpinned.</param>
public sealed record StoredPolicy(PolicyIdentity Identity, string Path, bool IsInstalled, bool IsPinned);
