using SearchEngine.Models.Inference;

namespace SearchEngine.Encoder.Calls;

/// <summary>The vectors of one sequence as messages; null where they were not asked for.</summary>
internal readonly record struct EncodedParts(Wire.Vector? Dense, Wire.SparseVector? Sparse, Wire.MultiVector? Multi)
{
    /// <summary>Copies a row out of a batch.</summary>
    public static EncodedParts Read(EncodedBatch results, int row, EncoderOutputs outputs, Wire.ElementType type) => new(
        outputs.HasFlag(EncoderOutputs.Dense) ? VectorWire.Dense(results.Dense(row), type) : null,
        outputs.HasFlag(EncoderOutputs.Sparse) ? VectorWire.Sparse(results.SparseIndices(row), results.SparseWeights(row)) : null,
        outputs.HasFlag(EncoderOutputs.Multi) ? VectorWire.Multi(results.Multi(row), results.MultiDimension, type) : null);

    /// <summary>A text's item from the vectors of its sequences, which are in order.</summary>
    public static Wire.EncodedItem Item(PreparedText text, ReadOnlySpan<EncodedParts> parts)
    {
        if (text.Tokens is { } tokens)
            return new Wire.EncodedItem { Dense = parts[0].Dense, Sparse = parts[0].Sparse, Multi = parts[0].Multi, TextUse = TextUses.Of(tokens) };
        var item = new Wire.EncodedItem { TextUse = new Wire.TextUse() };
        for (var i = 0; i < parts.Length; i++)
        {
            var chunk = text.Chunks[i];
            item.Chunks.Add(new Wire.EncodedChunk
            {
                Span = new Wire.ByteSpan { Start = (uint)chunk.Span.Start, End = (uint)chunk.Span.End },
                Tokens = (uint)chunk.Tokens.Count,
                Dense = parts[i].Dense,
                Sparse = parts[i].Sparse,
                Multi = parts[i].Multi,
            });
            // Of a text in chunks everything is read; overlaps count with every chunk they are in.
            item.TextUse.TokensIn += (uint)chunk.Tokens.Count;
        }
        item.TextUse.TokensUsed = item.TextUse.TokensIn;
        return item;
    }
}
