using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SearchEngine.Models.Folder;

/// <summary>SHA-256 of a model: of the file alone, or with the weight files it names behind it in the order of their names.</summary>
internal static class WeightsHash
{
    public static string Of(string modelPath, IReadOnlyList<string> weightFiles)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, modelPath);
        var folder = Path.GetDirectoryName(modelPath)!;
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (var name in weightFiles.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(folder, name);
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            BinaryPrimitives.WriteInt64LittleEndian(length, new FileInfo(FolderFiles.RealPath(path)).Length);
            hash.AppendData(length);
            Append(hash, path);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string path)
    {
        const int BlockBytes = 1 << 18;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var block = new byte[BlockBytes];
        int read;
        while ((read = stream.Read(block)) > 0)
            hash.AppendData(block.AsSpan(0, read));
    }
}
