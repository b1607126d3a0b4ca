using Robotics.Configuration;

namespace Robotics.Tasks;

/// <summary>A learned judge of success that the task asks for: section <c>success_classifier</c> with <c>file, threshold, hold_s</c>.</summary>
/// <param name="Path">The network, as `robotics classifier train` wrote it; resolved against the task file's folder.</param>
/// <param name="Threshold">Probability above which a frame counts as success.</param>
/// <param name="HoldSteps">Policy steps in a row that must count before the episode ends.</param>
public sealed record SuccessClassifierSettings(string Path, double Threshold, int HoldSteps)
{
    internal static SuccessClassifierSettings Read(ConfigMap map, string folder, double policyRateHz) =>
        new(
            System.IO.Path.GetFullPath(map.String("file"), folder),
            map.Number("threshold", 0.01, 0.999, 0.9), // a false success ends an episode and is learnt from; HIL-SERL's users set 0.85 to 0.95
            Math.Max(1, (int)Math.Round(policyRateHz * map.Number("hold_s", 0, 60, 0.2))));
}
