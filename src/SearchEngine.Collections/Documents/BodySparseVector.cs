using System.Runtime.InteropServices;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Documents;

/// <summary>One sparse vector of a stored body, read in place: ascending dimensions, each with its weight. Spans may not be aligned.</summary>
internal readonly ref struct BodySparseVector : IBodyEntry<BodySparseVector>, IBodyValue<SparseVector>
{
    private BodySparseVector(int position, ReadOnlySpan<uint> dimensions, ReadOnlySpan<float> weights)
    {
        Position = position;
        Dimensions = dimensions;
        Weights = weights;
    }

    public static string Kind => "sparse vector";

    public static int Most => CollectionSchema.MaxVectors;

    public int Position { get; }

    /// <summary>Never: patches have no sparse vectors.</summary>
    public bool IsRemoval => false;

    public ReadOnlySpan<uint> Dimensions { get; }

    public ReadOnlySpan<float> Weights { get; }

    public static BodySparseVector Read(scoped ref ByteCursor cursor, int position)
    {
        int count = cursor.ReadCount(SparseVector.MaxElements);
        ReadOnlySpan<uint> dimensions = MemoryMarshal.Cast<byte, uint>(cursor.ReadBytes(count * sizeof(uint)));
        for (int i = 1; i < count; i++)
        {
            if (dimensions[i] <= dimensions[i - 1])
            {
                throw ByteCursor.Malformed($"dimensions of sparse vector {position} that do not ascend");
            }
        }
        return new BodySparseVector(position, dimensions, MemoryMarshal.Cast<byte, float>(cursor.ReadBytes(count * sizeof(float))));
    }

    public SparseVector ToValue() => new(Dimensions.ToArray(), Weights.ToArray());

    public void CopyTo(ref BodyWriter writer) => writer.SparseVector(Position, Dimensions, Weights);
}
