namespace SearchEngine.Collections.Filters;

/// <summary>
/// Bitmaps of recent filters over immutable segments, least recently used out first, within a number of bytes. Safe for any
/// threads; bitmaps are copied in and out, outside the lock.
/// </summary>
internal sealed class FilterCache(long capacityBytes = FilterCache.DefaultCapacityBytes)
{
    public const long DefaultCapacityBytes = 64L << 20;

    /// <summary>Node, key and array header of an entry.</summary>
    private const int EntryOverheadBytes = 160;

    private readonly Lock _gate = new();
    private readonly Dictionary<(SegmentFilterCache Segment, FilterKey Filter), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recent = [];
    private long _bytes;

    public long CapacityBytes => capacityBytes;

    /// <summary>Bytes in use, bookkeeping included.</summary>
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

    /// <summary>The part of one segment; dispose it with the segment.</summary>
    public SegmentFilterCache Open() => new(this);

    public ulong[]? Find(SegmentFilterCache segment, FilterKey filter)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue((segment, filter), out LinkedListNode<Entry>? node))
            {
                return null;
            }
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Words;
        }
    }

    /// <param name="words">Belong to the cache from now on: nobody changes them.</param>
    public void Keep(SegmentFilterCache segment, FilterKey filter, ulong[] words)
    {
        var entry = new Entry(segment, filter, words);
        lock (_gate)
        {
            if (segment.IsClosed || entry.Bytes > capacityBytes || _entries.ContainsKey((segment, filter)))
            {
                return;
            }
            _entries.Add((segment, filter), _recent.AddFirst(entry));
            _bytes += entry.Bytes;
            while (_bytes > capacityBytes)
            {
                Remove(_recent.Last!);
            }
        }
    }

    /// <summary>Closes the segment's part under the lock, so that an evaluation under way cannot add to it afterwards.</summary>
    public void Drop(SegmentFilterCache segment)
    {
        lock (_gate)
        {
            segment.IsClosed = true;
            for (LinkedListNode<Entry>? node = _recent.First; node is not null;)
            {
                LinkedListNode<Entry>? next = node.Next;
                if (node.Value.Segment == segment)
                {
                    Remove(node);
                }
                node = next;
            }
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _recent.Remove(node);
        _entries.Remove((node.Value.Segment, node.Value.Filter));
        _bytes -= node.Value.Bytes;
    }

    private sealed record Entry(SegmentFilterCache Segment, FilterKey Filter, ulong[] Words)
    {
        public long Bytes { get; } = (long)Words.Length * sizeof(ulong) + Filter.Bytes + EntryOverheadBytes;
    }
}
