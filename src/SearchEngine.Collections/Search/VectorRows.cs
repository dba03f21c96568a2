using System.Numerics;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>Turns documents into the rows of one vector. Most segments have a row for each document, in the same order: then the
/// bits are the same.</summary>
internal static class VectorRows
{
    /// <param name="documents">One bit per document.</param>
    /// <returns>One bit per row of the vector; null when the documents' own bits are those of the rows.</returns>
    public static RowSet? Of(ViewSource source, int vector, ReadOnlySpan<ulong> documents)
    {
        int count = source.VectorRows(vector);
        if (source.IsIdentity(vector))
        {
            return count == source.Rows ? null : RowSet.Of(count, documents[..RowSet.WordsFor(count)]);
        }
        RowSet rows = RowSet.None(count);
        for (int word = 0; word < documents.Length; word++)
        {
            for (ulong bits = documents[word]; bits != 0; bits &= bits - 1)
            {
                uint document = (uint)(64 * word + BitOperations.TrailingZeroCount(bits));
                if (source.TryVectorRow(vector, document, out uint row))
                {
                    rows.Add(row);
                }
            }
        }
        return rows;
    }
}
