using System.Globalization;

namespace Robotics.Cli.Bench.Hil;

/// <summary>A small plot of curves over steps, y from 0 to 1, drawn into a picture.</summary>
internal sealed class CurvePlot
{
    private const int Left = 70, Right = 20, Top = 20, Bottom = 60, Ticks = 5;
    private static readonly Rgb s_ink = new(40, 40, 40), s_grid = new(225, 225, 225);

    private readonly Raster _raster;
    private readonly double _maxX;
    private int _legends;

    /// <summary>Axes from 0 to <paramref name="maxX"/> and from 0 to 1.</summary>
    public CurvePlot(int width, int height, double maxX, string xLabel, string yLabel)
    {
        _raster = new Raster(width, height);
        _maxX = maxX;
        for (int i = 0; i <= Ticks; i++)
        {
            double share = i / (double)Ticks;
            (int x, int y) = (X(share * maxX), Y(share));
            _raster.Line(x, Y(0), x, Y(1), s_grid, 1);
            _raster.Line(X(0), y, X(maxX), y, s_grid, 1);
            _raster.Text(x - 16, Y(0) + 8, (share * maxX).ToString("F0", CultureInfo.InvariantCulture), s_ink);
            _raster.Text(Left - 34, y - 4, share.ToString("F1", CultureInfo.InvariantCulture), s_ink);
        }
        _raster.Line(X(0), Y(0), X(maxX), Y(0), s_ink, 1);
        _raster.Line(X(0), Y(0), X(0), Y(1), s_ink, 1);
        _raster.Text((width / 2) - (3 * xLabel.Length), height - 28, xLabel, s_ink);
        _raster.Text(6, 4, yLabel, s_ink);
    }

    /// <summary>Joins <paramref name="points"/> by straight lines.</summary>
    public void Line(Rgb colour, int width, IReadOnlyList<(double X, double Y)> points)
    {
        for (int i = 1; i < points.Count; i++)
            _raster.Line(X(points[i - 1].X), Y(points[i - 1].Y), X(points[i].X), Y(points[i].Y), colour, width);
    }

    /// <summary>Names a colour.</summary>
    public void Legend(string name, Rgb colour)
    {
        int y = Y(0.62) + (16 * _legends++);
        int x = _raster.Width - Right - 240;
        _raster.Line(x, y + 3, x + 24, y + 3, colour, 3);
        _raster.Text(x + 32, y, name, s_ink);
    }

    /// <summary>Writes the picture as PNG.</summary>
    public void Save(string path) => File.WriteAllBytes(path, _raster.ToPng());

    private int X(double value) => Left + (int)Math.Round(value / _maxX * (_raster.Width - Left - Right));

    private int Y(double value) => _raster.Height - Bottom - (int)Math.Round(Math.Clamp(value, 0, 1) * (_raster.Height - Top - Bottom));
}
