using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Robotics.Runtime.Composition;

/// <summary>64-bit identities from names: the first 8 bytes, little endian, of a SHA-256.</summary>
public static class Identity64
{
    /// <summary>Identity of <paramref name="name"/> among things of <paramref name="kind"/>.</summary>
    public static ulong Of(string kind, string name) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{name}")));
}
