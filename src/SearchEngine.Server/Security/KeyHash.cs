using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SearchEngine.Server.Security;

/// <summary>
/// What is kept of a key: a salt and SHA-256 over salt and key. A key is 256 random bits, too many to try, so a slow hash, which protects
/// what people make up, would only slow the server. The salt keeps two files from showing that they hold the same key.
/// </summary>
internal sealed class KeyHash
{
    /// <summary>Tells people, and scanners for leaked secrets, what it is.</summary>
    public const string KeyPrefix = "sek_";

    private const int KeyBytes = 32;
    private const int SaltBytes = 16;
    private const int MaxTokenBytes = 256;
    private const string Scheme = "sha256";

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private KeyHash(byte[] salt, byte[] hash)
    {
        _salt = salt;
        _hash = hash;
    }

    /// <summary>A new key, which is nowhere but in this answer, and its hash.</summary>
    public static (string Key, KeyHash Hash) Create()
    {
        string key = KeyPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes));
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return (key, new KeyHash(salt, HashOf(salt, Encoding.UTF8.GetBytes(key))));
    }

    /// <summary>Null for a text that is no hash.</summary>
    public static KeyHash? TryParse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length != 3 || parts[0] != Scheme || !Base64Url.IsValid(parts[1]) || !Base64Url.IsValid(parts[2]))
        {
            return null;
        }
        (byte[] salt, byte[] hash) = (Base64Url.DecodeFromChars(parts[1]), Base64Url.DecodeFromChars(parts[2]));
        return salt.Length == SaltBytes && hash.Length == SHA256.HashSizeInBytes ? new KeyHash(salt, hash) : null;
    }

    /// <summary>Takes as long whether it is right or wrong.</summary>
    public bool IsOf(ReadOnlySpan<byte> token)
    {
        if (token.Length > MaxTokenBytes)
        {
            return false;
        }
        Span<byte> salted = stackalloc byte[SaltBytes + MaxTokenBytes];
        _salt.CopyTo(salted);
        token.CopyTo(salted[SaltBytes..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(salted[..(SaltBytes + token.Length)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    /// <summary>As it stands in the key file.</summary>
    public override string ToString() => $"{Scheme}:{Base64Url.EncodeToString(_salt)}:{Base64Url.EncodeToString(_hash)}";

    private static byte[] HashOf(byte[] salt, byte[] key) => SHA256.HashData([.. salt, .. key]);
}
