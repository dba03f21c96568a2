using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Text;

/// <summary>The indexed text fields of an immutable segment, from its mapped `words` file. Any threads; dispose it when no search
/// runs.</summary>
internal sealed class SegmentWords : IDisposable
{
    private readonly SectionFile _file;
    private readonly SegmentText?[] _fields;

    private SegmentWords(SectionFile file, SegmentText?[] fields)
    {
        _file = file;
        _fields = fields;
    }

    /// <summary>Pairs of a word and a document in the field that has most of them.</summary>
    public long MostPairs => _fields.Max(static f => f?.Pairs ?? 0);

    public long MappedBytes => _file.MappedBytes;

    public long ResidentBytes => _file.ResidentBytes;

    /// <returns>Null where the schema has no indexed text field.</returns>
    /// <exception cref="CollectionException">Checksum: the file is missing, damaged where it was looked at, or of other fields.</exception>
    public static SegmentWords? Open(string directory, CollectionSchema schema, int rows)
    {
        if (schema.Texts.All(static t => t.Index == TextIndex.None))
        {
            return null;
        }
        SectionFile file = SectionFile.Open(Path.Combine(directory, WordSections.FileName), WordSections.Kind);
        try
        {
            return new SegmentWords(
                file, [.. schema.Texts.Select((t, position) => t.Index == TextIndex.None ? null : new SegmentText(file, position, rows))]);
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
        schema.Texts.All(static t => t.Index == TextIndex.None)
            ? []
            : SectionFile.Scrub(Path.Combine(directory, WordSections.FileName), WordSections.Kind, cancel, observer);

    public ITextIndex Field(int position) =>
        _fields[position] ?? throw new ArgumentException($"Text field {position} has no index.", nameof(position));

    public void Populate(CancellationToken cancel) => _file.Populate(cancel);

    public void Dispose() => _file.Dispose();
}
