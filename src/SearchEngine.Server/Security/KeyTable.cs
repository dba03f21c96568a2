using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Security;

/// <summary>
/// The keys in force. A key that comes for the first time is compared with every entry, each in constant time; then it is remembered under
/// a keyed hash of a secret of this table, which nobody outside can aim at, so that later calls cost one hash.
/// </summary>
internal sealed class KeyTable
{
    private const int MaxTokenChars = 256;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly ConcurrentDictionary<UInt128, Caller> _seen = new();
    private readonly FrozenDictionary<string, Caller> _bySubject;

    public KeyTable(IReadOnlyList<KeyEntry> entries)
    {
        Entries = entries;
        _bySubject = entries.Where(static e => e.Certificate is not null).ToFrozenDictionary(static e => e.Certificate!, static e => e.Caller, StringComparer.Ordinal);
    }

    public IReadOnlyList<KeyEntry> Entries { get; }

    /// <summary>Who has this key; null for nobody.</summary>
    public Caller? Find(string token)
    {
        if (token.Length is 0 or > MaxTokenChars)
        {
            return null;
        }
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxTokenChars)];
        bytes = bytes[..Encoding.UTF8.GetBytes(token, bytes)];
        Span<byte> mark = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, bytes, mark);
        var place = MemoryMarshal.Read<UInt128>(mark);
        if (_seen.TryGetValue(place, out Caller? known))
        {
            return known;
        }
        Caller? found = null;
        foreach (KeyEntry entry in Entries)
        {
            // No early end: the time tells nothing about which entry it was.
            found = entry.Hash?.IsOf(bytes) == true ? entry.Caller : found;
        }
        if (found is not null)
        {
            // As many at most as there are entries: only what is right is remembered.
            _seen[place] = found;
        }
        return found;
    }

    /// <summary>Whom a certificate with this subject stands for; null for nobody.</summary>
    public Caller? FindCertificate(string subject) => _bySubject.GetValueOrDefault(subject);
}
