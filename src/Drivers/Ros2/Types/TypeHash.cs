using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Robotics.Drivers.Ros2;

/// <summary>The RIHS01 hash by which ROS 2 (Iron and later) tells whether two endpoints mean the same type.</summary>
/// <remarks>
/// SHA-256 of the type description in one fixed JSON form: REP-2011 and <c>calculate_type_hash</c> of rosidl_generator_type_description.
/// Default values, constants and comments do not enter.
/// </remarks>
public static class TypeHash
{
    /// <summary><c>RIHS01_</c> and 64 hexadecimal digits for the type called <paramref name="name"/>.</summary>
    public static string Of(InterfaceCatalog catalog, string name)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var json = new StringBuilder("{\"type_description\": ");
        Append(json, catalog.Get(name));
        json.Append(", \"referenced_type_descriptions\": [");
        json.AppendJoin(", ", catalog.ReferencedBy(name).Select(Describe));
        json.Append("]}");
        return "RIHS01_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(json.ToString())));
    }

    private static string Describe(RosMessageType type)
    {
        var json = new StringBuilder();
        Append(json, type);
        return json.ToString();
    }

    private static void Append(StringBuilder json, RosMessageType type)
    {
        json.Append("{\"type_name\": \"").Append(type.Name).Append("\", \"fields\": [");
        json.AppendJoin(", ", type.Fields.Select(Describe));
        json.Append("]}");
    }

    private static string Describe(RosField field) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"name\": \"{field.Name}\", \"type\": {{\"type_id\": {(int)field.Kind + (int)field.Shape}, \"capacity\": {field.Capacity}, \"string_capacity\": {field.StringCapacity}, \"nested_type_name\": \"{field.NestedType}\"}}}}"
        );
}
