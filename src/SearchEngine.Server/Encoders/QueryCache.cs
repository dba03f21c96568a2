namespace SearchEngine.Server.Encoders;

/// <summary>
/// Vectors of queries that were encoded lately, the least recently used going first. The key holds the fingerprint that made the vector, so
/// another model or build never answers from it. Safe for concurrent use.
/// </summary>
/// <param name="maxBytes">Texts and vectors together.</param>
internal sealed class QueryCache(int maxBytes)
{
    /// <summary>Of an entry beside its text and vector.</summary>
    private const int EntryBytes = 400;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, LinkedListNode<(Key Key, EncodedQuery Query)>> _entries = [];
    private readonly LinkedList<(Key Key, EncodedQuery Query)> _byUse = [];
    private long _bytes;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public EncodedQuery? Find(in Key key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out LinkedListNode<(Key Key, EncodedQuery Query)>? node))
            {
                return null;
            }
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Query;
        }
    }

    public void Keep(in Key key, EncodedQuery query)
    {
        lock (_gate)
        {
            // One text that would empty the cache is not worth it.
            if (_entries.ContainsKey(key) || SizeOf(key, query) > maxBytes / 16)
            {
                return;
            }
            _entries.Add(key, _byUse.AddFirst((key, query)));
            _bytes += SizeOf(key, query);
            while (_bytes > maxBytes)
            {
                (Key oldest, EncodedQuery last) = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _entries.Remove(oldest);
                _bytes -= SizeOf(oldest, last);
            }
        }
    }

    private static int SizeOf(in Key key, EncodedQuery query) => EntryBytes + sizeof(char) * key.Text.Length + sizeof(float) * query.Values.Length;

    /// <summary>Everything a query's vector depends on; the side is always QUERY.</summary>
    internal readonly record struct Key(string Space, string Build, int Dimension, string Task, Wire.Truncation Truncation, string Text);
}
