namespace Robotics.Drivers.Serial.Conformance;

/// <summary>One step of a conformance flight with what was measured.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Passed">Whether the measured value is inside its limit.</param>
/// <param name="Measured">Measured value.</param>
/// <param name="Limit">Limit it is held against.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Note">What else was seen; on failure the diagnosis.</param>
public sealed record VehicleSuiteStep(string Name, bool Passed, double Measured, double Limit, string Unit, string Note);
