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
}
