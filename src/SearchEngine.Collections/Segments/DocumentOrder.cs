using SearchEngine.Vectors;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// Which ordinal each document gets in a segment that is being written: that of its row in the first vector, so that bits
/// of documents are bits of rows; documents without that vector follow in their old order.
/// </summary>
internal sealed class DocumentOrder
{
    public const uint Dropped = uint.MaxValue;

    private DocumentOrder(uint[] numberOf, uint[] ordinalOf)
    {
        NumberOf = numberOf;
        OrdinalOf = ordinalOf;
    }

    /// <summary>The number of every ordinal.</summary>
    public uint[] NumberOf { get; }

    /// <summary>The ordinal of every number; <see cref="Dropped"/> for documents that are left out.</summary>
    public uint[] OrdinalOf { get; }

    public int Count => NumberOf.Length;

    /// <param name="first">Rows of the first vector, sources being numbers; null when there are none.</param>
    public static DocumentOrder Of(SegmentContent content, VectorSegment? first)
    {
        var ordinalOf = new uint[content.Numbers];
        Array.Fill(ordinalOf, Dropped);
        var numberOf = new uint[CountKept(content)];
        uint count = 0;
        for (uint row = 0; row < (uint)(first?.Count ?? 0); row++)
        {
            uint number = first!.SourceRow(row);
            ordinalOf[number] = count;
            numberOf[count++] = number;
        }
        for (uint number = 0; number < (uint)content.Numbers; number++)
        {
            if (ordinalOf[number] == Dropped && content.IsKept(number))
            {
                ordinalOf[number] = count;
                numberOf[count++] = number;
            }
        }
        return new DocumentOrder(numberOf, ordinalOf);
    }

    private static int CountKept(SegmentContent content)
    {
        int kept = 0;
        for (uint number = 0; number < (uint)content.Numbers; number++)
        {
            kept += content.IsKept(number) ? 1 : 0;
        }
        return kept;
    }
}
