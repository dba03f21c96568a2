using System.Collections.Concurrent;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Sparse;

/// <summary>The weights of one sparse vector of live documents, for one appender beside any readers.</summary>
internal sealed class LiveWeights
{
    /// <summary>Dictionary node, object and array headers of a dimension.</summary>
    private const int DimensionOverheadBytes = 160;

    private readonly ConcurrentDictionary<uint, Dimension> _dimensions = [];
    private long _bytes;

    public long MemoryBytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes the vector of the next row that has one.</summary>
    public void Append(uint row, BodySparseVector vector)
    {
        for (int i = 0; i < vector.Dimensions.Length; i++)
        {
            if (!_dimensions.TryGetValue(vector.Dimensions[i], out Dimension? dimension))
            {
                dimension = new Dimension();
                _dimensions[vector.Dimensions[i]] = dimension;
                Interlocked.Add(ref _bytes, DimensionOverheadBytes + dimension.Capacity * sizeof(ulong));
            }
            int before = dimension.Capacity;
            dimension.Append(row, vector.Weights[i]);
            Interlocked.Add(ref _bytes, (dimension.Capacity - before) * sizeof(ulong));
        }
    }

    /// <summary>What a reader with a bound sees.</summary>
    public IWeightIndex Below(int rows) => new Bounded(this, (uint)rows);

    private sealed class Dimension
    {
        private readonly LivePostings _postings = new();
        private float _greatest = float.NegativeInfinity;
        private float _least = float.PositiveInfinity;

        public int Capacity => _postings.Capacity;

        // The bounds come first: whoever sees the posting sees bounds that hold for it.
        public void Append(uint row, float weight)
        {
            Volatile.Write(ref _greatest, Math.Max(_greatest, weight));
            Volatile.Write(ref _least, Math.Min(_least, weight));
            _postings.Append(row, BitConverter.SingleToUInt32Bits(weight));
        }

        // Bounds may be those of later rows as well: they are looser then.
        public IPostings? Below(uint rows) => _postings.Count == 0
            ? null
            : _postings.Below(
                rows, BitConverter.SingleToUInt32Bits(Volatile.Read(ref _greatest)), BitConverter.SingleToUInt32Bits(Volatile.Read(ref _least)));
    }

    private sealed class Bounded(LiveWeights weights, uint rows) : IWeightIndex
    {
        public IPostings? Find(uint dimension) => weights._dimensions.TryGetValue(dimension, out Dimension? found) ? found.Below(rows) : null;
    }
}
