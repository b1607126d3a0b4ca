using System.Globalization;

namespace Robotics.Drivers.Serial;

/// <summary>Finds the serial ports of this machine with their USB identifiers, for <c>robotics doctor</c> and <c>robotics config find-port</c>.</summary>
public static class SerialPortList
{
    private const int MaxParents = 8; // a tty sits 3-5 levels below its USB device; stop a looped tree

    /// <summary>All ports that have a device behind them. Roots can be another tree, for tests.</summary>
    public static IReadOnlyList<SerialPortDescription> Find(string sysRoot = "/sys", string devRoot = "/dev")
    {
        string ttys = Path.Combine(sysRoot, "class", "tty");
        if (!Directory.Exists(ttys))
            return [];
        Dictionary<string, string> stable = StablePaths(devRoot);
        var ports = new List<SerialPortDescription>();
        foreach (string tty in Directory.EnumerateDirectories(ttys).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(tty);
            string device = Path.Combine(tty, "device");
            if (Directory.Exists(device) && !IsEmptyUart(tty))
                ports.Add(Describe(name, tty, Path.Combine(devRoot, name), stable));
        }
        return ports;
    }

    // The 8250 driver lists UARTs that are not there with type 0 (PORT_UNKNOWN).
    private static bool IsEmptyUart(string tty) => ReadText(Path.Combine(tty, "type")) == "0";

    private static SerialPortDescription Describe(string name, string tty, string path, Dictionary<string, string> stable)
    {
        string? usb = UsbFolder(Path.Combine(tty, "device"));
        string Usb(string file) => usb is null ? "" : ReadText(Path.Combine(usb, file));
        int latency = int.TryParse(ReadText(Path.Combine(tty, "device", "latency_timer")), CultureInfo.InvariantCulture, out int ms) ? ms : 0;
        return new SerialPortDescription(
            path,
            stable.GetValueOrDefault(name, path),
            Usb("idVendor"),
            Usb("idProduct"),
            Usb("serial"),
            Usb("product"),
            latency
        );
    }

    private static string? UsbFolder(string device)
    {
        string? folder = Directory.ResolveLinkTarget(device, returnFinalTarget: true)?.FullName ?? device;
        for (int i = 0; i < MaxParents && folder is not null; i++)
        {
            if (File.Exists(Path.Combine(folder, "idVendor")))
                return folder;
            folder = Path.GetDirectoryName(folder);
        }
        return null;
    }

    private static Dictionary<string, string> StablePaths(string devRoot)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        string byId = Path.Combine(devRoot, "serial", "by-id");
        if (!Directory.Exists(byId))
            return paths;
        foreach (string link in Directory.EnumerateFiles(byId))
        {
            if (File.ResolveLinkTarget(link, returnFinalTarget: true) is { } target)
                paths[target.Name] = link;
        }
        return paths;
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // a device pulled while we look has no text any more
        }
    }
}
