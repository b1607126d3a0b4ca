namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Where a question to the autopilot stands. One command and one parameter question are in flight at most.</summary>
public enum TransactionStatus
{
    /// <summary>Nothing was asked.</summary>
    None,

    /// <summary>Asked; no answer yet.</summary>
    Waiting,

    /// <summary>Answered and accepted.</summary>
    Accepted,

    /// <summary>Answered with a refusal.</summary>
    Refused,

    /// <summary>Asked as often as allowed without an answer.</summary>
    TimedOut,
}
