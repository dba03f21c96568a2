using SearchEngine.Vectors.Kernels;

namespace SearchEngine.Vectors;

/// <summary>Reads stored truth back as floats.</summary>
internal static class TruthRow
{
    public static void Read(RowMemory truth, ElementType element, uint ordinal, Span<float> row)
    {
        if (element == ElementType.Float32)
        {
            truth.RowAs<float>(ordinal)[..row.Length].CopyTo(row);
            return;
        }
        ReadOnlySpan<Half> halves = truth.RowAs<Half>(ordinal)[..row.Length];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = (float)halves[j];
        }
    }

    /// <param name="norms">Length of each row before it was normalised; null where rows are stored as they came.</param>
    public static void Restore(RowMemory truth, ElementType element, RowMemory? norms, uint ordinal, Span<float> row)
    {
        Read(truth, element, ordinal, row);
        if (norms is not null)
        {
            float norm = norms.RowAs<float>(ordinal)[0];
            foreach (ref float value in row)
            {
                value *= norm;
            }
        }
    }
}
