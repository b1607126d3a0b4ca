using Robotics.Core;
using Robotics.Policies;

namespace Robotics.Runtime.Agent;

/// <summary>What an edge tells its learner about a policy it did not take, or gave up.</summary>
/// <param name="Policy">Which one.</param>
/// <param name="Refusal">The failed check, the value and the limit.</param>
public readonly record struct PolicyReport(PolicyIdentity Policy, BundleRefusal Refusal);
