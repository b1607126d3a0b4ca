namespace Robotics.Teleop;

/// <summary>The page that a browser or a phone loads: one self-contained HTML file.</summary>
public static class BrowserPage
{
    /// <summary>The page, UTF-8.</summary>
    public static byte[] Read()
    {
        using Stream stream = typeof(BrowserPage).Assembly.GetManifestResourceStream("page.html")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
