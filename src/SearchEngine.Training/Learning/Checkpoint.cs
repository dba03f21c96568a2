using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Training.Learning;

/// <summary>
/// A training on disk, between two rounds: numbers and arrays, with a hash of what they were made from before them and one of
/// themselves behind. Written aside and renamed; a file that is not whole or not of this training is refused.
/// </summary>
internal sealed class Checkpoint(string path, byte[] fingerprint)
{
    private const ulong Magic = 0x31504b43_45535254;

    public bool Exists => File.Exists(path);

    public void Write(ReadOnlySpan<double> numbers, IEnumerable<float[]> arrays)
    {
        var draft = path + ".new";
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        using (var file = File.Create(draft))
        {
            void Put(ReadOnlySpan<byte> bytes)
            {
                hash.AppendData(bytes);
                file.Write(bytes);
            }
            Put(BitConverter.GetBytes(Magic));
            Put(fingerprint);
            Put(MemoryMarshal.AsBytes(numbers));
            foreach (var array in arrays)
                Put(MemoryMarshal.AsBytes<float>(array));
            file.Write(hash.GetHashAndReset());
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Fills numbers and arrays as they were written.</summary>
    /// <exception cref="CorpusException">The file is damaged, or of other texts or options.</exception>
    public void Read(Span<double> numbers, IEnumerable<float[]> arrays)
    {
        float[][] all = [.. arrays];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = File.OpenRead(path);
        var expected = sizeof(ulong) + fingerprint.Length + numbers.Length * sizeof(double)
            + all.Sum(array => (long)array.Length * sizeof(float)) + SHA256.HashSizeInBytes;
        void Take(Span<byte> bytes)
        {
            file.ReadExactly(bytes);
            hash.AppendData(bytes);
        }
        var head = new byte[sizeof(ulong) + fingerprint.Length];
        if (file.Length < head.Length)
            throw Refused("is cut short");
        Take(head);
        if (BitConverter.ToUInt64(head) != Magic || !head.AsSpan(sizeof(ulong)).SequenceEqual(fingerprint))
            throw Refused("is of another training: other texts, pairs, options or program");
        if (file.Length != expected)
            throw Refused($"has {file.Length} bytes instead of {expected}");
        Take(MemoryMarshal.AsBytes(numbers));
        foreach (var array in all)
            Take(MemoryMarshal.AsBytes(array.AsSpan()));
        var tail = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(tail);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(tail))
            throw Refused("is damaged");
    }

    public void Delete() => File.Delete(path);

    private CorpusException Refused(string why) => new($"{path} {why}; remove it to train from the start.");
}
