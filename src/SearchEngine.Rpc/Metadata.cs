using System.Collections;
using System.Text;

namespace SearchEngine.Rpc;

/// <summary>One metadata entry. A key that ends in <c>-bin</c> carries bytes, every other key printable ASCII.</summary>
public readonly record struct MetadataEntry(string Key, string? Text, ReadOnlyMemory<byte> Bytes)
{
    public bool IsBinary => Text is null;
}

/// <summary>Ordered call metadata with repeated keys; not safe for concurrent use.</summary>
public sealed class Metadata : IEnumerable<MetadataEntry>
{
    private const string BinarySuffix = "-bin";

    private readonly List<MetadataEntry> _entries = [];

    public int Count => _entries.Count;

    public void Add(string key, string value)
    {
        CheckKey(key);
        if (IsBinaryKey(key)) throw new ArgumentException($"Metadata key '{key}' ends in -bin and needs bytes.", nameof(key));
        foreach (char c in value)
        {
            if (c is < ' ' or > '~')
            {
                throw new ArgumentException(
                    $"Metadata '{key}' has the character U+{(int)c:X4}; text is printable ASCII, use a -bin key.", nameof(value));
            }
        }
        _entries.Add(new MetadataEntry(key, value, default));
    }

    public void Add(string key, ReadOnlyMemory<byte> value)
    {
        CheckKey(key);
        if (!IsBinaryKey(key)) throw new ArgumentException($"Metadata key '{key}' must end in -bin to carry bytes.", nameof(key));
        _entries.Add(new MetadataEntry(key, null, value));
    }

    /// <summary>The first text value of <paramref name="key"/>, or null.</summary>
    public string? Text(string key) => _entries.Find(e => string.Equals(e.Key, key, StringComparison.Ordinal)).Text;

    /// <summary>The first binary value of <paramref name="key"/>, or null.</summary>
    public ReadOnlyMemory<byte>? Bytes(string key)
    {
        foreach (MetadataEntry entry in _entries)
        {
            if (entry.IsBinary && string.Equals(entry.Key, key, StringComparison.Ordinal)) return entry.Bytes;
        }
        return null;
    }

    public List<MetadataEntry>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<MetadataEntry> IEnumerable<MetadataEntry>.GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    internal static bool IsBinaryKey(string key) => key.EndsWith(BinarySuffix, StringComparison.Ordinal);

    /// <summary>The form of a value in a header. Base64 leaves its padding off, as the protocol asks of senders.</summary>
    internal static string HeaderValue(MetadataEntry entry) =>
        entry.Text ?? Convert.ToBase64String(entry.Bytes.Span).TrimEnd('=');

    /// <summary>Adds what a peer sent. A binary header may hold several values joined by commas; base64 may be padded or not.</summary>
    /// <exception cref="FormatException">A binary value is not base64.</exception>
    internal void AddReceived(string key, string value)
    {
        key = key.ToLowerInvariant();
        if (!IsBinaryKey(key))
        {
            _entries.Add(new MetadataEntry(key, value, default));
            return;
        }
        foreach (string part in value.Split(','))
        {
            string base64 = part.Trim();
            int missing = (4 - base64.Length % 4) % 4;
            _entries.Add(new MetadataEntry(key, null, Convert.FromBase64String(base64 + new string('=', missing))));
        }
    }

    public override string ToString()
    {
        // Values may be credentials: only names may reach a log.
        var names = new StringBuilder();
        foreach (MetadataEntry entry in _entries) names.Append(names.Length == 0 ? "" : ", ").Append(entry.Key);
        return names.ToString();
    }

    private static void CheckKey(string key)
    {
        if (key.Length == 0) throw new ArgumentException("A metadata key must not be empty.", nameof(key));
        foreach (char c in key)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_' or '.'))
            {
                throw new ArgumentException($"Metadata key '{key}' may only hold a-z, 0-9, '-', '_' and '.'.", nameof(key));
            }
        }
        if (key.StartsWith("grpc-", StringComparison.Ordinal))
        {
            throw new ArgumentException($"Metadata key '{key}': the prefix grpc- belongs to the protocol.", nameof(key));
        }
    }
}
