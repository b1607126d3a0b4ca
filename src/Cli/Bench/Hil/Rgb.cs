namespace Robotics.Cli.Bench.Hil;

/// <summary>A colour, 8 bits a channel.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>Two thirds of the way to white.</summary>
    public Rgb Lighter() => new((byte)(255 - ((255 - R) / 3)), (byte)(255 - ((255 - G) / 3)), (byte)(255 - ((255 - B) / 3)));
}
