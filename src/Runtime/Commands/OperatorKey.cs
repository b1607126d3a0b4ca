using System.Security.Cryptography;

namespace Robotics.Runtime.Commands;

/// <summary>The key that an operator's terminal and the robot share for commands over UDP: FOLDER/keys/operator.key, 64 hexadecimal digits.</summary>
public static class OperatorKey
{
    /// <summary>Bytes of a key: HMAC-SHA-256 gains nothing from a longer one than its hash.</summary>
    public const int Length = 32;

    /// <summary>Where the key of a run lies.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, "keys", "operator.key");

    /// <summary>Makes the key where there is none, readable by this user only. An existing key is never replaced.</summary>
    /// <returns>True where it was made.</returns>
    public static bool Create(string folder)
    {
        string path = PathIn(folder);
        if (File.Exists(path))
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length)));
        return true;
    }

    /// <summary>Reads the key.</summary>
    /// <exception cref="InvalidDataException">There is none, or the file holds something else; says what to do.</exception>
    public static byte[] Load(string folder)
    {
        string path = PathIn(folder);
        if (!File.Exists(path))
            throw new InvalidDataException($"no operator key {path}: make it with `robotics config keys RUN --folder {folder}` and copy it to the operator's machine");
        string text = File.ReadAllText(path).Trim();
        if (text.Length != 2 * Length || !text.All(char.IsAsciiHexDigit))
            throw new InvalidDataException($"{path} holds {text.Length} characters, an operator key is {2 * Length} hexadecimal digits: delete it and make a new one");
        return Convert.FromHexString(text);
    }
}
