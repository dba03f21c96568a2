using System.Runtime.InteropServices;

namespace SearchEngine.Collections.Documents;

/// <summary>A vector of which few elements are not 0: which dimensions those are, in any order, and the weight of each.</summary>
public sealed record SparseVector(ReadOnlyMemory<uint> Dimensions, ReadOnlyMemory<float> Weights)
{
    /// <summary>Elements of one vector.</summary>
    public const int MaxElements = 4096;

    public int Count => Dimensions.Length;

    /// <summary>The same vector ascending by dimension and without weights of 0, as it is stored and searched with.</summary>
    /// <param name="field">Path of the vector, for refusals.</param>
    /// <exception cref="CollectionException">FieldInvalid, LimitExceeded, VectorNotFinite, VectorZero.</exception>
    internal SparseVector Normal(string field)
    {
        if (Dimensions.Length != Weights.Length)
        {
            throw new CollectionException(
                CollectionError.FieldInvalid, field, $"The sparse vector has {Dimensions.Length} dimensions and {Weights.Length} weights.",
                "Send one weight for each dimension.");
        }
        if (Count > MaxElements)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, field, $"The sparse vector has {Count} elements, {MaxElements} are possible.",
                "Keep the greatest weights.");
        }
        uint[] dimensions = Dimensions.ToArray();
        float[] weights = Weights.ToArray();
        for (int i = 0; i < weights.Length; i++)
        {
            if (!float.IsFinite(weights[i]))
            {
                throw new CollectionException(
                    CollectionError.VectorNotFinite, field, $"The weight of dimension {dimensions[i]} is {weights[i]} (element {i}).",
                    "Send finite weights; look at the encoder that made them.");
            }
        }
        Array.Sort(dimensions, weights);
        int kept = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (i > 0 && dimensions[i] == dimensions[i - 1])
            {
                throw new CollectionException(
                    CollectionError.FieldInvalid, field, $"Dimension {dimensions[i]} of the sparse vector has two weights.",
                    "Send each dimension once.");
            }
        }
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] != 0)
            {
                (dimensions[kept], weights[kept++]) = (dimensions[i], weights[i]);
            }
        }
        return kept > 0
            ? new SparseVector(dimensions.AsMemory(0, kept), weights.AsMemory(0, kept))
            : throw new CollectionException(
                CollectionError.VectorZero, field, "The sparse vector has no element that is not 0, so nothing is close to it.",
                "Leave the vector out, or look at the encoder that made it.");
    }

    public bool Equals(SparseVector? other) => other is not null
        && Dimensions.Span.SequenceEqual(other.Dimensions.Span) && Weights.Span.SequenceEqual(other.Weights.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(MemoryMarshal.AsBytes(Dimensions.Span));
        hash.AddBytes(MemoryMarshal.AsBytes(Weights.Span));
        return hash.ToHashCode();
    }
}
