using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Writes;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Points;

/// <summary>
/// Finds out which points of a continued upload were written before it broke, though not acknowledged: those that are stored as
/// they come now. Asked only for the sequence numbers that are in doubt.
/// </summary>
internal static class WrittenBefore
{
    // Vectors are stored with 11 bits, and under cosine as a direction and a length.
    private const float Tolerance = 1f / 512;

    public static Func<WriteOperation.Put, bool> Of(CallContext context, PointBatch batch)
    {
        DocumentId[] ids = [.. batch.Operations.Select(static o => ((WriteOperation.Put)o).Document.Id).Distinct()];
        IReadOnlyDictionary<DocumentId, Document> stored = PointReads.Find(context, ids, DocumentParts.All);
        return put => stored.TryGetValue(put.Document.Id, out Document? known)
            && (put.Mode != WriteMode.IfVersion || known.Version == put.ExpectedVersion + 1)
            && IsSame(put.Document, known);
    }

    private static bool IsSame(Document sent, Document stored) =>
        Same(Present(sent.Attributes), Present(stored.Attributes), static (a, b) => a.Equals(b))
        && Same(sent.Texts, stored.Texts, static (a, b) => a == b)
        && Same(sent.SparseVectors, stored.SparseVectors, static (a, b) => a == b)
        && Same(sent.Vectors, stored.Vectors, static (a, b) => IsNear(a.Span, b.Span));

    private static Dictionary<string, AttributeValue> Present(IReadOnlyDictionary<string, AttributeValue> values) =>
        values.Where(static v => !v.Value.IsNull).ToDictionary(static v => v.Key, static v => v.Value, StringComparer.Ordinal);

    private static bool Same<T>(IReadOnlyDictionary<string, T> sent, IReadOnlyDictionary<string, T> stored, Func<T, T, bool> equal) =>
        sent.Count == stored.Count && sent.All(s => stored.TryGetValue(s.Key, out T? other) && equal(s.Value, other));

    private static bool IsNear(ReadOnlySpan<float> sent, ReadOnlySpan<float> stored)
    {
        if (sent.Length != stored.Length)
        {
            return false;
        }
        float largest = 0;
        float apart = 0;
        for (int i = 0; i < sent.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(sent[i]));
            apart = Math.Max(apart, Math.Abs(sent[i] - stored[i]));
        }
        return apart <= Tolerance * largest;
    }
}
