using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Sparse;

/// <summary>
/// Writes the `weights` file of a segment, one sparse vector of the schema after the other: its postings are held until they are
/// written. A schema without sparse vectors has no such file.
/// </summary>
internal static class WeightFileWriter
{
    /// <param name="bodies">Called for the rows in ascending order, once per sparse vector.</param>
    public static void Write(
        IFileLayer files, string directory, CollectionSchema schema, int rows, BodyReader bodies, CancellationToken cancel)
    {
        if (schema.SparseVectors.Count == 0)
        {
            return;
        }
        using var writer = new SectionFileWriter(files, Path.Combine(directory, WeightSections.FileName), WeightSections.Kind);
        for (int position = 0; position < schema.SparseVectors.Count; position++)
        {
            Write(writer, position, rows, bodies, cancel);
        }
        writer.Finish();
    }

    private static void Write(SectionFileWriter writer, int position, int rows, BodyReader bodies, CancellationToken cancel)
    {
        var dimensions = new SortedDictionary<uint, List<Posting>>();
        long having = 0;
        for (uint row = 0; row < (uint)rows; row++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!DocumentBody.SparseVectors(bodies(row)).TryFind(position, out BodySparseVector vector))
            {
                continue;
            }
            having++;
            for (int i = 0; i < vector.Dimensions.Length; i++)
            {
                if (!dimensions.TryGetValue(vector.Dimensions[i], out List<Posting>? postings))
                {
                    dimensions[vector.Dimensions[i]] = postings = [];
                }
                postings.Add(new Posting(row, BitConverter.SingleToUInt32Bits(vector.Weights[i])));
            }
        }
        writer.Add<long>(WeightSections.Of(position, WeightSections.Counts), [rows, having]);
        writer.Add<uint>(WeightSections.Of(position, WeightSections.Dimensions), [.. dimensions.Keys]);
        PostingFileWriter.Write(writer, WeightSections.PostingsOf(position), [.. dimensions.Values], Bounds, "vectors");
    }

    private static (uint Upper, uint Lower) Bounds(ReadOnlySpan<Posting> run)
    {
        (float greatest, float least) = (float.NegativeInfinity, float.PositiveInfinity);
        foreach (Posting posting in run)
        {
            float weight = BitConverter.UInt32BitsToSingle(posting.Value);
            (greatest, least) = (Math.Max(greatest, weight), Math.Min(least, weight));
        }
        return (BitConverter.SingleToUInt32Bits(greatest), BitConverter.SingleToUInt32Bits(least));
    }
}
