using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Operations;

/// <summary>
/// The newest vectors that callers have searched for, by collection and vector: what calibrations measure with. In memory only, and bounded
/// as a whole: the vector nobody has searched for longest goes first.
/// </summary>
internal sealed class TrafficQueries(long mostBytes = 64L << 20)
{
    /// <summary>Of one vector.</summary>
    public const int Kept = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Collection, string Vector), Ring> _rings = [];
    private long _bytes;
    private long _clock;

    /// <summary>Keeps the queries of an answered search that were asked for by a caller who waits: what runs in bulk measures something itself.</summary>
    public void Take(SearchOrder order, CallContext context)
    {
        if (context.Lane == Wire.Lane.Bulk)
        {
            return;
        }
        if (order.Request is Engine.SearchRequest vector)
        {
            Take(context.Collection, vector);
        }
        else if (order.Request is Engine.HybridRequest hybrid)
        {
            for (int i = 0; i < hybrid.Parts.Count; i++)
            {
                if (hybrid.Parts[i] is Engine.HybridPart.ByVector part)
                {
                    Take(context.Collection, part.Request);
                }
            }
        }
    }

    /// <summary>The newest ones, whole vectors of the schema as it is.</summary>
    public float[][] Newest(string collection, VectorSchema vector, int most)
    {
        lock (_gate)
        {
            return _rings.TryGetValue((collection, vector.Name), out Ring? ring) && ring.Dimension == vector.Dimension ? ring.Newest(most) : [];
        }
    }

    /// <summary>Another collection may have the name from now on.</summary>
    public void Forget(string collection)
    {
        lock (_gate)
        {
            foreach ((string, string) key in _rings.Keys.Where(key => key.Collection == collection).ToArray())
            {
                Drop(key);
            }
        }
    }

    private void Take(Collection collection, Engine.SearchRequest request)
    {
        int at = request.VectorName is null ? 0 : collection.Schema.VectorAt(request.VectorName);
        // A prefix says nothing about walks on the whole.
        if (at < 0 || request.Query.Length != collection.Schema.Vectors[at].Dimension)
        {
            return;
        }
        (string, string) key = (collection.Name, collection.Schema.Vectors[at].Name);
        lock (_gate)
        {
            if (!_rings.TryGetValue(key, out Ring? ring) || ring.Dimension != request.Query.Length)
            {
                Drop(key);
                _rings[key] = ring = new Ring(request.Query.Length);
            }
            ring.Used = ++_clock;
            _bytes += ring.Add(request.Query.Span);
            while (_bytes > mostBytes && _rings.Count > 1)
            {
                Drop(_rings.MinBy(static r => r.Value.Used).Key);
            }
        }
    }

    private void Drop((string, string) key)
    {
        if (_rings.Remove(key, out Ring? ring))
        {
            _bytes -= ring.Bytes;
        }
    }

    /// <summary>Grows by blocks, then turns: a search allocates nothing once it is full.</summary>
    private sealed class Ring(int dimension)
    {
        private const int Block = 64;

        private readonly List<float[]> _blocks = [];
        private long _count;

        public int Dimension { get; } = dimension;

        public long Used { get; set; }

        public long Bytes => (long)_blocks.Count * Block * Dimension * sizeof(float);

        /// <returns>Bytes it has grown by.</returns>
        public long Add(ReadOnlySpan<float> query)
        {
            long before = Bytes;
            int at = (int)(_count++ % Kept);
            if (at / Block == _blocks.Count)
            {
                _blocks.Add(new float[Block * Dimension]);
            }
            query.CopyTo(Slot(at));
            return Bytes - before;
        }

        public float[][] Newest(int most)
        {
            int count = (int)Math.Min(most, Math.Min(_count, Kept));
            return [.. Enumerable.Range(0, count).Select(i => Slot((int)((_count - 1 - i) % Kept)).ToArray())];
        }

        private Span<float> Slot(int at) => _blocks[at / Block].AsSpan(at % Block * Dimension, Dimension);
    }
}
