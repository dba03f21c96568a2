using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Text;

namespace SearchEngine.Collections.Segments;

/// <summary>The words and weights of a segment, mapped: what searches by postings read.</summary>
internal sealed class SegmentPostingFiles : IDisposable
{
    private readonly SegmentWords? _words;
    private readonly SegmentSparseVectors? _weights;

    private SegmentPostingFiles(SegmentWords? words, SegmentSparseVectors? weights)
    {
        _words = words;
        _weights = weights;
    }

    /// <summary>Postings of the text field or sparse vector that has most of them.</summary>
    public long MostPairs => Math.Max(_words?.MostPairs ?? 0, _weights?.MostPairs ?? 0);

    public long MappedBytes => (_words?.MappedBytes ?? 0) + (_weights?.MappedBytes ?? 0);

    /// <exception cref="CollectionException">Checksum: a file is missing, damaged where it was looked at, or of other fields.</exception>
    public static SegmentPostingFiles Open(string directory, CollectionSchema schema, int rows)
    {
        SegmentWords? words = SegmentWords.Open(directory, schema, rows);
        try
        {
            return new SegmentPostingFiles(words, SegmentSparseVectors.Open(directory, schema, rows));
        }
        catch
        {
            words?.Dispose();
            throw;
        }
    }

    /// <summary>The words of an indexed text field.</summary>
    public ITextIndex Texts(int position) =>
        _words?.Field(position) ?? throw new ArgumentException($"Text field {position} has no index.", nameof(position));

    /// <summary>The weights of a sparse vector.</summary>
    public IWeightIndex Weights(int position) =>
        _weights?.Vector(position) ?? throw new ArgumentException($"There is no sparse vector {position}.", nameof(position));

    public IEnumerable<ComponentBytes> Bytes()
    {
        if (_words is not null)
        {
            yield return new ComponentBytes("words", _words.MappedBytes, _words.MappedBytes, _words.ResidentBytes);
        }
        if (_weights is not null)
        {
            yield return new ComponentBytes("weights", _weights.MappedBytes, _weights.MappedBytes, _weights.ResidentBytes);
        }
    }

    public void Populate(CancellationToken cancel)
    {
        _words?.Populate(cancel);
        _weights?.Populate(cancel);
    }

    public void Dispose()
    {
        _words?.Dispose();
        _weights?.Dispose();
    }
}
