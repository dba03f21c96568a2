using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SearchEngine.Models.Tokenizers;

/// <summary>
/// Collects what decides about ids, in a fixed order and form, into a SHA-256: two files that tokenize alike because they
/// say the same have the same fingerprint, however they are written.
/// </summary>
internal sealed class FingerprintWriter : IDisposable
{
    private const byte StringTag = 1;
    private const byte NumberTag = 2;
    private const byte NothingTag = 3;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public FingerprintWriter Add(string? text)
    {
        if (text is null)
        {
            _hash.AppendData([NothingTag]);
            return this;
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        AppendTagged(StringTag, bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    public FingerprintWriter Add(long number)
    {
        AppendTagged(NumberTag, number);
        return this;
    }

    public FingerprintWriter Add(bool flag) => Add(flag ? 1 : 0);

    public FingerprintWriter Add(double number) => Add(BitConverter.DoubleToInt64Bits(number));

    /// <summary>Lower-case hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void AppendTagged(byte tag, long number)
    {
        Span<byte> bytes = stackalloc byte[1 + sizeof(long)];
        bytes[0] = tag;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], number);
        _hash.AppendData(bytes);
    }
}
