using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>The compact, flat form in which a verified network reaches the control process. Layout: docs/formats/network-image.md.</summary>
/// <remarks>Stateless; safe from any thread. Only the form of <c>Write</c> that gives an array allocates. Little endian, and only for machines that are.</remarks>
public static class NetworkImage
{
    /// <summary>"RNET", read as a little-endian 32-bit number.</summary>
    public const uint Magic = 0x54454E52;

    /// <summary>Version of the layout.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes before the layer records.</summary>
    public const int HeaderLength = 64;

    /// <summary>Bytes of one layer record.</summary>
    public const int LayerLength = 16;

    /// <summary>Bytes of the checksum at the end.</summary>
    public const int TrailerLength = 4;

    private const byte ClampFlag = 1;
    private const byte OrderedFlag = 2;

    /// <summary>Bytes of the image of a network.</summary>
    public static int LengthOf(NetworkSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return HeaderLength + (LayerLength * spec.Layers.Length) + (sizeof(float) * spec.ParameterCount) + TrailerLength;
    }

    /// <summary>The image of a network with its flat <paramref name="parameters"/>.</summary>
    /// <param name="facts">What the executor needs to know beside the network.</param>
    public static byte[] Write(NetworkSpec spec, ReadOnlySpan<float> parameters, in NetworkImageFacts facts)
    {
        byte[] image = GC.AllocateUninitializedArray<byte>(LengthOf(spec)); // every byte is written
        Write(image, spec, parameters, in facts);
        return image;
    }

    /// <summary>As above, into <paramref name="image"/>, <see cref="LengthOf"/> bytes. Allocates nothing.</summary>
    /// <returns>CRC-32C of the whole image. It and the trailer are those of what was to be written: memory that others can write too is not read back.</returns>
    public static uint Write(Span<byte> image, NetworkSpec spec, ReadOnlySpan<float> parameters, in NetworkImageFacts facts)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (parameters.Length != spec.ParameterCount)
            throw new ArgumentException($"{parameters.Length} parameters given, the network has {spec.ParameterCount}", nameof(parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(image.Length, LengthOf(spec));
        Span<byte> front = stackalloc byte[HeaderLength + (LayerLength * NetworkSpec.MaxLayers)];
        front = front[..(HeaderLength + (LayerLength * spec.Layers.Length))];
        front.Clear();
        WriteFront(front, spec, in facts);
        ReadOnlySpan<byte> weights = MemoryMarshal.AsBytes(parameters);
        Span<byte> trailer = stackalloc byte[TrailerLength];
        uint checksum = Crc32C.Append(Crc32C.Compute(front), weights);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum);
        front.CopyTo(image);
        weights.CopyTo(image[front.Length..]);
        trailer.CopyTo(image[^TrailerLength..]);
        return Crc32C.Append(checksum, trailer);
    }

    private static void WriteFront(Span<byte> image, NetworkSpec spec, in NetworkImageFacts facts)
    {
        WriteHeader(image, spec, in facts);
        int offset = HeaderLength;
        foreach (LayerSpec layer in spec.Layers)
        {
            image[offset] = (byte)layer.Kind;
            image[offset + 1] = (byte)layer.Activation;
            BinaryPrimitives.WriteInt32LittleEndian(image[(offset + 4)..], layer.Inputs);
            BinaryPrimitives.WriteInt32LittleEndian(image[(offset + 8)..], layer.Outputs);
            offset += LayerLength;
        }
    }

    /// <summary>Checks <paramref name="image"/> and reads its header and layers. Allocates nothing.</summary>
    /// <param name="layers">Room for <see cref="NetworkSpec.MaxLayers"/>; filled with <paramref name="layerCount"/> layers.</param>
    /// <param name="parameters">The flat parameters, inside <paramref name="image"/>; every one is finite.</param>
    public static NetworkImageStatus TryRead(
        ReadOnlySpan<byte> image,
        Span<LayerSpec> layers,
        out int layerCount,
        out NetworkImageFacts facts,
        out ReadOnlySpan<float> parameters
    )
    {
        layerCount = 0;
        facts = default;
        parameters = default;
        if (image.Length < HeaderLength + TrailerLength)
            return NetworkImageStatus.Length;
        if (BinaryPrimitives.ReadUInt32LittleEndian(image) != Magic)
            return NetworkImageStatus.Magic;
        if (BinaryPrimitives.ReadUInt16LittleEndian(image[4..]) != Version)
            return NetworkImageStatus.Version;
        NetworkImageStatus status = TryReadLayers(image, layers, out layerCount, out int parameterCount);
        if (status != NetworkImageStatus.Ok)
            return status;
        int body = image.Length - TrailerLength;
        if (BinaryPrimitives.ReadUInt32LittleEndian(image[body..]) != Crc32C.Compute(image[..body]))
            return NetworkImageStatus.Checksum;
        facts = ReadFacts(image);
        parameters = MemoryMarshal.Cast<byte, float>(image[(HeaderLength + (LayerLength * layerCount))..body]);
        return AllFinite(parameters) && facts.IsFinite && parameters.Length == parameterCount
            ? NetworkImageStatus.Ok
            : NetworkImageStatus.NonFinite;
    }

    /// <summary>True where no value is NaN or infinite.</summary>
    public static bool AllFinite(ReadOnlySpan<float> values)
    {
        const int exponent = 0x7F80_0000;
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(values);
        var mask = new Vector<int>(exponent);
        int i = 0;
        for (; i + Vector<int>.Count <= bits.Length; i += Vector<int>.Count)
        {
            if (Vector.EqualsAny(new Vector<int>(bits[i..]) & mask, mask))
                return false;
        }
        for (; i < bits.Length; i++)
        {
            if ((bits[i] & exponent) == exponent)
                return false;
        }
        return true;
    }

    private static void WriteHeader(Span<byte> image, NetworkSpec spec, in NetworkImageFacts facts)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(image, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(image[4..], Version);
        image[6] = (byte)spec.Head;
        image[7] = (byte)((spec.ClampOutput ? ClampFlag : 0) | (facts.IsOrdered ? OrderedFlag : 0));
        BinaryPrimitives.WriteInt32LittleEndian(image[8..], spec.Layers.Length);
        BinaryPrimitives.WriteInt32LittleEndian(image[12..], spec.ParameterCount);
        BinaryPrimitives.WriteUInt64LittleEndian(image[16..], facts.Identity.Run);
        BinaryPrimitives.WriteUInt32LittleEndian(image[24..], facts.Identity.Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(image[28..], facts.Identity.Counter);
        BinaryPrimitives.WriteUInt64LittleEndian(image[32..], facts.Identity.ContentHash);
        BinaryPrimitives.WriteUInt64LittleEndian(image[40..], facts.SchemaHash);
        BinaryPrimitives.WriteSingleLittleEndian(image[48..], facts.ExplorationStd);
        BinaryPrimitives.WriteSingleLittleEndian(image[52..], facts.PolicyRateHz);
    }

    private static NetworkImageFacts ReadFacts(ReadOnlySpan<byte> image) =>
        new(
            new PolicyIdentity(
                BinaryPrimitives.ReadUInt64LittleEndian(image[16..]),
                BinaryPrimitives.ReadUInt32LittleEndian(image[24..]),
                BinaryPrimitives.ReadUInt32LittleEndian(image[28..]),
                BinaryPrimitives.ReadUInt64LittleEndian(image[32..])
            ),
            BinaryPrimitives.ReadUInt64LittleEndian(image[40..]),
            BinaryPrimitives.ReadSingleLittleEndian(image[48..]),
            BinaryPrimitives.ReadSingleLittleEndian(image[52..]),
            (PolicyHead)image[6],
            (image[7] & ClampFlag) != 0,
            (image[7] & OrderedFlag) != 0
        );

    private static NetworkImageStatus TryReadLayers(
        ReadOnlySpan<byte> image,
        Span<LayerSpec> layers,
        out int count,
        out int parameterCount
    )
    {
        parameterCount = BinaryPrimitives.ReadInt32LittleEndian(image[12..]);
        count = BinaryPrimitives.ReadInt32LittleEndian(image[8..]);
        bool reservedClear = image[7] <= (ClampFlag | OrderedFlag) && BinaryPrimitives.ReadUInt64LittleEndian(image[56..]) == 0;
        if (count is <= 0 or > NetworkSpec.MaxLayers || parameterCount < 0 || !reservedClear)
            return NetworkImageStatus.Shape;
        long length = HeaderLength + ((long)LayerLength * count) + ((long)sizeof(float) * parameterCount) + TrailerLength;
        if (image.Length != length)
            return NetworkImageStatus.Length;
        long parameters = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> record = image.Slice(HeaderLength + (i * LayerLength), LayerLength);
            layers[i] = new LayerSpec(
                (LayerKind)record[0],
                BinaryPrimitives.ReadInt32LittleEndian(record[4..]),
                BinaryPrimitives.ReadInt32LittleEndian(record[8..]),
                (Activation)record[1]
            );
            if (record[2] != 0 || record[3] != 0 || BinaryPrimitives.ReadInt32LittleEndian(record[12..]) != 0)
                return NetworkImageStatus.Shape;
            parameters += layers[i].ParameterCount;
        }
        bool fits = parameters == parameterCount && NetworkSpec.Fits(layers[..count], (PolicyHead)image[6]);
        return fits ? NetworkImageStatus.Ok : NetworkImageStatus.Shape;
    }
}
