using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Robotics.Configuration;

/// <summary>Walks what <see cref="ConfigMap.Leaves"/> shows.</summary>
internal static class ConfigLeaves
{
    /// <summary>The values at and below <paramref name="node"/>.</summary>
    public static IEnumerable<(string Path, object Value)> Of(string path, YamlNode node) =>
        node switch
        {
            YamlScalarNode scalar => [(path, Parse(scalar.Value ?? ""))],
            YamlSequenceNode list when list.Children.All(c => c is YamlScalarNode) => [(path, Array([.. list.Children.Select(c => ((YamlScalarNode)c).Value ?? "")]))],
            YamlSequenceNode list => list.Children.SelectMany((c, i) => Of(string.Create(CultureInfo.InvariantCulture, $"{path}.{i}"), c)),
            YamlMappingNode map => map.Children.SelectMany(c => Of($"{path}.{(c.Key as YamlScalarNode)?.Value}", c.Value)),
            _ => [],
        };

    /// <summary>A scalar as what it looks like.</summary>
    public static object Parse(string text) =>
        text is "true" or "false" ? text == "true"
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number
        : text;

    private static object Array(string[] texts)
    {
        object[] values = [.. texts.Select(Parse)];
        return values.Length > 0 && values.All(v => v is long or double) ? values.Select(v => Convert.ToDouble(v, CultureInfo.InvariantCulture)).ToArray() : texts;
    }
}
