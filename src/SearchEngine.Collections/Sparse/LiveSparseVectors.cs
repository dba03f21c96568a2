using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Sparse;

/// <summary>The sparse vectors of live documents.</summary>
internal sealed class LiveSparseVectors(CollectionSchema schema)
{
    private readonly LiveWeights[] _vectors = [.. schema.SparseVectors.Select(static _ => new LiveWeights())];

    public long MemoryBytes => _vectors.Sum(static v => v.MemoryBytes);

    /// <summary>Takes the sparse vectors of the next row. Writer only.</summary>
    public void Append(uint row, ReadOnlySpan<byte> body)
    {
        foreach (BodySparseVector vector in DocumentBody.SparseVectors(body))
        {
            _vectors[vector.Position].Append(row, vector);
        }
    }

    /// <summary>A vector as a reader with a bound sees it.</summary>
    public IWeightIndex Below(int position, int rows) => _vectors[position].Below(rows);
}
