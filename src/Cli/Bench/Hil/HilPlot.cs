namespace Robotics.Cli.Bench.Hil;

/// <summary>The learning curves of the bench as a picture: mean over seeds, thin lines for every seed.</summary>
internal static class HilPlot
{
    private static readonly Rgb s_grey = new(120, 120, 120), s_blue = new(31, 119, 180), s_green = new(44, 160, 44), s_orange = new(255, 127, 14), s_red = new(214, 39, 40);

    /// <summary>Writes the PNG at <paramref name="path"/>.</summary>
    public static void Write(string path, IReadOnlyList<HilSeed> seeds, HilSettings settings)
    {
        var plot = new CurvePlot(900, 520, settings.Steps, "ENVIRONMENT STEPS", "SUCCESS / INTERVENTION RATE");
        Add(plot, "ALONE", s_grey, seeds, settings, s => s.Alone.Success);
        Add(plot, "DEMONSTRATIONS", s_blue, seeds, settings, s => s.Demonstrations.Success);
        Add(plot, "DEMONSTRATIONS + INTERVENTIONS", s_green, seeds, settings, s => s.Interventions.Success);
        Add(plot, "RLIF", s_orange, seeds, settings, s => s.Rlif.Success);
        Add(plot, "INTERVENTION RATE", s_red, seeds, settings, s => s.Interventions.InterventionRate);
        plot.Save(path);
    }

    private static void Add(
        CurvePlot plot, string name, Rgb colour, IReadOnlyList<HilSeed> seeds, HilSettings settings, Func<HilSeed, IReadOnlyList<double>> curve)
    {
        foreach (HilSeed seed in seeds)
            plot.Line(colour.Lighter(), 1, Points(curve(seed), settings));
        double[] mean = [.. Enumerable.Range(0, curve(seeds[0]).Count).Select(i => seeds.Average(s => curve(s)[i]))];
        plot.Line(colour, 3, Points(mean, settings));
        plot.Legend(name, colour);
    }

    private static (double X, double Y)[] Points(IReadOnlyList<double> values, HilSettings settings) =>
        [.. values.Select((v, i) => ((double)(i + 1) * settings.EvaluateEvery, v))];
}
