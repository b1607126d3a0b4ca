namespace Robotics.Drivers.Serial.Emulators;

/// <summary>A device that exists only as a program. Its time moves only when it is told, so a run is repeatable. One thread.</summary>
public interface IEmulatedDevice
{
    /// <summary>Runs up to <paramref name="timeNs"/> on its own time line, which begins at 0.</summary>
    void AdvanceTo(long timeNs);

    /// <summary>A brown-out: everything it was told is forgotten.</summary>
    void Restart();

    /// <summary>Its state in one line of JSON, for whoever watches. Allocates.</summary>
    string Describe();
}
