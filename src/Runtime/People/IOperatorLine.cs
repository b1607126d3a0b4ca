using Robotics.Runtime.Commands;

namespace Robotics.Runtime.People;

/// <summary>The way from the agent to the control process for what a person decides besides motion.</summary>
public interface IOperatorLine
{
    /// <summary>Sends <paramref name="verb"/> to the control process of <paramref name="boot"/>.</summary>
    /// <returns>False where it is not listening.</returns>
    bool Send(OperatorVerb verb, ulong boot);
}
