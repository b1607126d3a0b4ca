namespace Robotics.Core;

/// <summary>Where samples come from and the only way to move an actuator.</summary>
/// <remarks>
/// <para>Called by the control thread alone. <see cref="Read"/> and <see cref="Write"/> never block, allocate, lock or log.</para>
/// <para>To add a driver: 1. implement this interface in src/Drivers/YourKind; 2. declare its section in robot.yaml and read it in
/// <c>RobotDrivers.Create</c>; 3. give its device a command timeout of its own and read it back before arming; 4. run the driver
/// conformance tests in tests/Drivers against it.</para>
/// </remarks>
public interface IRobotDriver : IDisposable
{
    /// <summary>Channels that <see cref="Read"/> fills.</summary>
    ChannelLayout StateChannels { get; }

    /// <summary>Channels that <see cref="Write"/> takes, with the actuator's own limits.</summary>
    ChannelLayout CommandChannels { get; }

    /// <summary>Fills <paramref name="sample"/> (made for <see cref="StateChannels"/>) with the newest values.</summary>
    /// <returns>The same status that is stored in <see cref="SensorSample.Status"/>.</returns>
    ReadStatus Read(SensorSample sample);

    /// <summary>Sends a command that passed the supervisor. Newest wins; an invalid command is refused.</summary>
    WriteStatus Write(in SafeCommand command);
}
