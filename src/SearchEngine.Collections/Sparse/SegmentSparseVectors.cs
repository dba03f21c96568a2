using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Sparse;

/// <summary>The sparse vectors of an immutable segment, from its mapped `weights` file. Any threads; dispose it when no search runs.</summary>
internal sealed class SegmentSparseVectors : IDisposable
{
    private readonly SectionFile _file;
    private readonly SegmentWeights[] _vectors;

    private SegmentSparseVectors(SectionFile file, SegmentWeights[] vectors)
    {
        _file = file;
        _vectors = vectors;
    }

    /// <summary>Pairs of a dimension and a document in the vector that has most of them.</summary>
    public long MostPairs => _vectors.Max(static v => v.Pairs);

    public long MappedBytes => _file.MappedBytes;

    public long ResidentBytes => _file.ResidentBytes;

    /// <returns>Null where the schema has no sparse vector.</returns>
    /// <exception cref="CollectionException">Checksum: the file is missing, damaged where it was looked at, or of other vectors.</exception>
    public static SegmentSparseVectors? Open(string directory, CollectionSchema schema, int rows)
    {
        if (schema.SparseVectors.Count == 0)
        {
            return null;
        }
        SectionFile file = SectionFile.Open(Path.Combine(directory, WeightSections.FileName), WeightSections.Kind);
        try
        {
            return new SegmentSparseVectors(file, [.. schema.SparseVectors.Select((_, position) => new SegmentWeights(file, position, rows))]);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the whole file and reports every damaged block.</summary>
    public static IReadOnlyList<DamageFinding> Scrub(
        string directory, CollectionSchema schema, CancellationToken cancel, IScrubObserver? observer = null) =>
        schema.SparseVectors.Count == 0
            ? []
            : SectionFile.Scrub(Path.Combine(directory, WeightSections.FileName), WeightSections.Kind, cancel, observer);

    public IWeightIndex Vector(int position) => _vectors[position];

    public void Populate(CancellationToken cancel) => _file.Populate(cancel);

    public void Dispose() => _file.Dispose();
}
