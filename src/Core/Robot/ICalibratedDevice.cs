namespace Robotics.Core;

/// <summary>A driver whose device means nothing without a calibration: which file it flies with, and whether that is the one robot.yaml was signed off with.</summary>
/// <remarks>Asked by the arming check <c>calibration</c> (R19 of docs/safety.md); read once when the driver is made, so what was judged is what is flown.</remarks>
public interface ICalibratedDevice
{
    /// <summary>True where robot.yaml declares the calibration's hash.</summary>
    bool DeclaresCalibration { get; }

    /// <summary>True where the calibration in use has the declared hash.</summary>
    bool IsCalibrationConfirmed { get; }
}
