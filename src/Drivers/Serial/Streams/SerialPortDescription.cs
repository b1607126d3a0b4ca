namespace Robotics.Drivers.Serial;

/// <summary>A serial port of this machine.</summary>
/// <param name="Path">Device path, <c>/dev/ttyUSB0</c>: changes with the order of plugging.</param>
/// <param name="StablePath">Path below /dev/serial/by-id that follows the device, or <paramref name="Path"/> where there is none.</param>
/// <param name="VendorId">USB vendor, 4 hexadecimal digits, empty where not USB.</param>
/// <param name="ProductId">USB product, 4 hexadecimal digits.</param>
/// <param name="SerialNumber">USB serial number.</param>
/// <param name="Product">What the device calls itself.</param>
/// <param name="LatencyTimerMs">FTDI latency timer, ms; 0 where the driver has none. 16 is the chip's default and too slow for servo buses.</param>
public sealed record SerialPortDescription(
    string Path,
    string StablePath,
    string VendorId,
    string ProductId,
    string SerialNumber,
    string Product,
    int LatencyTimerMs
);
