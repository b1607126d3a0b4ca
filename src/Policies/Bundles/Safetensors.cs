using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Robotics.Policies;

/// <summary>A network's parameters in the safetensors format: u64 header length, JSON header, little-endian data. It carries no code.</summary>
/// <remarks>Source: huggingface/safetensors, README "Format". Read: only float32, exactly the tensors of the network, in any order,
/// tiling the data without hole or overlap.</remarks>
internal static class Safetensors
{
    /// <summary>The file of a network's flat parameters; the header is padded with spaces to a multiple of eight bytes.</summary>
    public static byte[] Write(NetworkSpec spec, ReadOnlySpan<float> parameters)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (TensorNames.Tensor tensor in TensorNames.Of(spec))
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype"u8, "F32"u8);
                json.WriteStartArray("shape"u8);
                json.WriteNumberValue(tensor.Rows);
                if (tensor.Columns > 0)
                    json.WriteNumberValue(tensor.Columns);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets"u8);
                json.WriteNumberValue((long)tensor.Offset * sizeof(float));
                json.WriteNumberValue((long)(tensor.Offset + tensor.Count) * sizeof(float));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        int headerLength = (buffer.WrittenCount + 7) / 8 * 8;
        var file = new byte[sizeof(ulong) + headerLength + (parameters.Length * sizeof(float))];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)headerLength);
        file.AsSpan(sizeof(ulong), headerLength).Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(file.AsSpan(sizeof(ulong)));
        MemoryMarshal.AsBytes(parameters).CopyTo(file.AsSpan(sizeof(ulong) + headerLength));
        return file;
    }

    /// <summary>Where the flat parameters are: in the file itself where its tensors lie in flat order, as our writer leaves them; else a copy in that order.</summary>
    public readonly struct Data(int offset, float[]? copy)
    {
        /// <summary>The flat parameters of the <paramref name="file"/> that this was read from.</summary>
        public ReadOnlySpan<float> In(ReadOnlySpan<byte> file) => copy ?? MemoryMarshal.Cast<byte, float>(file[offset..]);
    }

    /// <summary>Finds the parameters of <paramref name="spec"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, NetworkSpec spec, int maxHeaderBytes, out Data parameters, out string problem)
    {
        parameters = default;
        problem = "shorter than its header says";
        if (file.Length < sizeof(ulong))
            return false;
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > (ulong)maxHeaderBytes || headerLength > (ulong)(file.Length - sizeof(ulong)))
        {
            problem = $"header of {headerLength} bytes, allowed {Math.Min(maxHeaderBytes, file.Length - sizeof(ulong))}";
            return false;
        }
        int offset = sizeof(ulong) + (int)headerLength;
        ReadOnlySpan<byte> data = file[offset..];
        List<TensorNames.Tensor> tensors = TensorNames.Of(spec);
        if (data.Length != (long)spec.ParameterCount * sizeof(float))
        {
            problem = $"{data.Length} bytes of data, the network has {(long)spec.ParameterCount * sizeof(float)}";
            return false;
        }
        var begins = new long[tensors.Count];
        Array.Fill(begins, -1);
        if (!TryReadHeader(file.Slice(sizeof(ulong), (int)headerLength), tensors, begins, out problem) || !Tiles(tensors, begins, out problem))
            return false;
        bool isFlat = tensors.Select((t, i) => begins[i] == (long)t.Offset * sizeof(float)).All(isInPlace => isInPlace);
        parameters = new Data(offset, isFlat ? null : InOrder(data, tensors, begins, spec.ParameterCount));
        return true;
    }

    private static float[] InOrder(ReadOnlySpan<byte> data, List<TensorNames.Tensor> tensors, long[] begins, int count)
    {
        float[] parameters = GC.AllocateUninitializedArray<float>(count); // the tensors tile it
        for (int i = 0; i < tensors.Count; i++)
        {
            ReadOnlySpan<byte> source = data.Slice((int)begins[i], tensors[i].Count * sizeof(float));
            source.CopyTo(MemoryMarshal.AsBytes(parameters.AsSpan(tensors[i].Offset, tensors[i].Count)));
        }
        return parameters;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> header, List<TensorNames.Tensor> tensors, long[] begins, out string problem)
    {
        var json = new JsonScanner(header);
        bool isFirst = true;
        json.TryOpen('{');
        while (json.TryNext('}', ref isFirst) && json.TryKey(out string name))
        {
            int index = tensors.FindIndex(t => string.Equals(t.Name, name, StringComparison.Ordinal));
            bool taken =
                string.Equals(name, "__metadata__", StringComparison.Ordinal) ? json.TrySkip()
                : index < 0 ? json.Fail($"tensor '{name}' is not of this network")
                : begins[index] >= 0 ? json.Fail($"tensor '{name}' occurs twice")
                : TryReadTensor(ref json, tensors[index], out begins[index]);
            if (!taken)
                break;
        }
        json.TryEnd();
        problem = json.Problem ?? "";
        return json.Problem is null;
    }

    private static bool TryReadTensor(ref JsonScanner json, TensorNames.Tensor tensor, out long begin)
    {
        string type = "";
        Span<long> shape = stackalloc long[3];
        Span<long> offsets = stackalloc long[3];
        int dimensions = 0, bounds = 0;
        bool isFirst = true;
        json.TryOpen('{');
        while (json.TryNext('}', ref isFirst) && json.TryKey(out string key))
        {
            bool taken = key switch
            {
                "dtype" => json.TryString(out type),
                "shape" => TryReadNumbers(ref json, shape, out dimensions),
                "data_offsets" => TryReadNumbers(ref json, offsets, out bounds),
                _ => json.Fail($"unknown member '{key}' of tensor '{tensor.Name}'"),
            };
            if (!taken)
                break;
        }
        begin = offsets[0];
        bool isShape = dimensions == (tensor.Columns > 0 ? 2 : 1) && shape[0] == tensor.Rows && (tensor.Columns == 0 || shape[1] == tensor.Columns);
        bool isRange = bounds == 2 && begin >= 0 && offsets[1] - begin == (long)tensor.Count * sizeof(float);
        if (json.Problem is null && !(isShape && isRange && string.Equals(type, "F32", StringComparison.Ordinal)))
            json.Fail($"tensor '{tensor.Name}' is not F32 of shape [{tensor.Rows},{tensor.Columns}] with offsets to match");
        return json.Problem is null;
    }

    private static bool TryReadNumbers(ref JsonScanner json, scoped Span<long> numbers, out int count)
    {
        count = 0;
        bool isFirst = true;
        json.TryOpen('[');
        while (json.TryNext(']', ref isFirst))
        {
            if (count == numbers.Length)
                return json.Fail("too many numbers");
            if (!json.TryInteger(out numbers[count++]))
                return false;
        }
        return json.Problem is null;
    }

    /// <summary>True where the tensors lie end to end from offset 0; as their sizes add up to the data, that leaves no hole.</summary>
    private static bool Tiles(List<TensorNames.Tensor> tensors, long[] begins, out string problem)
    {
        problem = "";
        int missing = Array.IndexOf(begins, -1);
        if (missing >= 0)
        {
            problem = $"tensor '{tensors[missing].Name}' is missing";
            return false;
        }
        int[] order = [.. Enumerable.Range(0, begins.Length).OrderBy(i => begins[i])];
        long expected = 0;
        foreach (int i in order)
        {
            if (begins[i] != expected)
            {
                problem = $"tensor '{tensors[i].Name}' begins at byte {begins[i]}, expected {expected}";
                return false;
            }
            expected += (long)tensors[i].Count * sizeof(float);
        }
        return true;
    }
}
