using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Text;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Segments;

/// <summary>
/// Writes a segment: vectors first, one at a time, since the graph of the first decides the order of the documents; then
/// ids, bodies, attributes, words, weights and multi vectors in that order. Nothing is visible under the name before all of it is durable.
/// </summary>
internal sealed class SegmentWriter(CollectionSchema schema, IFileLayer files, CancellationToken cancel)
{
    private readonly int[] _vectorRows = new int[schema.Vectors.Count];
    private readonly uint[]?[] _rowOf = new uint[]?[schema.Vectors.Count];

    /// <returns>The order the documents got.</returns>
    public DocumentOrder Write(SegmentContent content, string directory)
    {
        DocumentOrder? order = null;
        PublishedDirectory.Write(files, directory, aside => order = Fill(content, aside));
        return order!;
    }

    private DocumentOrder Fill(SegmentContent content, string aside)
    {
        DocumentOrder? order = null;
        for (int v = 0; v < schema.Vectors.Count; v++)
        {
            using VectorSegment? vectors = content.BuildVectors(v, cancel);
            order ??= DocumentOrder.Of(content, vectors);
            if (vectors is not null)
            {
                WriteVectors(v, vectors, order, aside);
            }
        }
        order ??= DocumentOrder.Of(content, first: null);
        new IdFileWriter(content, order, cancel).Write(files, Path.Combine(aside, SegmentNames.Ids), _vectorRows, _rowOf);
        BodyFileWriter.Write(files, Path.Combine(aside, SegmentNames.Bodies), content, order, cancel);
        AttributeFiles.Write(files, aside, schema, order.Count, row => content.BodyOf(order.NumberOf[row]), cancel);
        WordFileWriter.Write(files, aside, schema, order.Count, row => content.BodyOf(order.NumberOf[row]), cancel);
        WeightFileWriter.Write(files, aside, schema, order.Count, row => content.BodyOf(order.NumberOf[row]), cancel);
        MultiFileWriter.Write(files, aside, schema, content, order, cancel);
        cancel.ThrowIfCancellationRequested();
        return order;
    }

    // The sources of the rows, numbers so far, become the ordinals of their documents: the way from a row to its document.
    private void WriteVectors(int vector, VectorSegment vectors, DocumentOrder order, string aside)
    {
        uint[]? rowOf = null;
        if (vector > 0)
        {
            rowOf = new uint[order.Count];
            Array.Fill(rowOf, DocumentSegment.NoRow);
        }
        for (uint row = 0; row < (uint)vectors.Count; row++)
        {
            ref uint source = ref vectors.Parts.Sources.RowAs<uint>(row)[0];
            source = order.OrdinalOf[source];
            rowOf?[source] = row;
        }
        _vectorRows[vector] = vectors.Count;
        _rowOf[vector] = rowOf;
        WriteFiles(Path.Combine(aside, SegmentNames.Vectors(vector)), vectors.Parts);
    }

    // The vector core writes its files itself.
    private static void WriteFiles(string directory, SegmentParts parts)
    {
        try
        {
            SegmentFiles.Write(directory, parts);
        }
        catch (IOException error) when (StorageErrors.IsDiskFull(error))
        {
            throw StorageErrors.DiskFull(directory, error);
        }
    }
}
