using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Schema;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Merge;

namespace SearchEngine.Collections.Segments;

/// <summary>Several segments without their dead documents; numbers count through them in the order given.</summary>
internal sealed class MergedContent : SegmentContent
{
    private readonly IReadOnlyList<(DocumentSegment Segment, RowSet Dead)> _inputs;
    private readonly CollectionSchema _schema;
    private readonly SegmentWriteOptions _options;
    private readonly int[] _starts;

    /// <param name="inputs">Neither segments nor bits change during the merge.</param>
    public MergedContent(IReadOnlyList<(DocumentSegment Segment, RowSet Dead)> inputs, CollectionSchema schema, SegmentWriteOptions options)
    {
        _inputs = inputs;
        _schema = schema;
        _options = options;
        _starts = new int[inputs.Count + 1];
        for (int i = 0; i < inputs.Count; i++)
        {
            (DocumentSegment segment, RowSet dead) = inputs[i];
            if (dead.Rows != segment.Count)
            {
                throw new ArgumentException(
                    $"Segment {segment.Id} of {segment.Count} documents was given {dead.Rows} dead bits.", nameof(inputs));
            }
            if (_starts[i] + segment.Count > DocumentSegment.MaxRows)
            {
                throw new CollectionException(
                    CollectionError.LimitExceeded, "",
                    $"The segments to merge have more than {DocumentSegment.MaxRows} documents together.",
                    "Merge fewer of them.");
            }
            _starts[i + 1] = _starts[i] + segment.Count;
        }
    }

    public override int Numbers => _starts[^1];

    /// <summary>Number of the first document of an input.</summary>
    public int StartOf(int input) => _starts[input];

    public override bool IsKept(uint number)
    {
        int input = InputOf(number, out uint ordinal);
        return !_inputs[input].Dead.Contains(ordinal);
    }

    public override VectorSegment? BuildVectors(int vector, CancellationToken cancel)
    {
        var inputs = new List<MergeInput>();
        for (int i = 0; i < _inputs.Count; i++)
        {
            if (InputFor(i, vector) is MergeInput input)
            {
                inputs.Add(input);
            }
        }
        return inputs.Count == 0
            ? null
            : SegmentMerger.Merge(
                inputs, VectorSettings.Graph(_schema.Vectors[vector], _options.Threads), out _, cancel, _options.Progress?.Invoke(vector));
    }

    public override IdKey KeyOf(uint number) => _inputs[InputOf(number, out uint ordinal)].Segment.KeyOf(ordinal);

    public override ulong VersionOf(uint number) => _inputs[InputOf(number, out uint ordinal)].Segment.VersionOf(ordinal);

    public override ReadOnlySpan<byte> BodyOf(uint number) => _inputs[InputOf(number, out uint ordinal)].Segment.BodyOf(ordinal);

    public override MultiRows MultiOf(int position, uint number) =>
        _inputs[InputOf(number, out uint ordinal)].Segment.MultiOf(position, ordinal);

    public override string OriginOf(uint number)
    {
        DocumentSegment segment = _inputs[InputOf(number, out uint ordinal)].Segment;
        return $"row {ordinal} of segment {segment.Id}";
    }

    private MergeInput? InputFor(int input, int vector)
    {
        (DocumentSegment segment, RowSet deadDocuments) = _inputs[input];
        if (segment.Vectors(vector) is not VectorSegment vectors)
        {
            return null;
        }
        var dead = new ulong[RowSet.WordsFor(vectors.Count)];
        var sources = new uint[vectors.Count];
        int kept = 0;
        for (uint row = 0; row < (uint)vectors.Count; row++)
        {
            uint document = segment.DocumentOf(vector, row);
            bool isDead = deadDocuments.Contains(document);
            sources[row] = (uint)_starts[input] + document;
            dead[row >> 6] |= isDead ? 1UL << (int)(row & 63) : 0;
            kept += isDead ? 0 : 1;
        }
        return kept == 0 ? null : new MergeInput { Segment = vectors, Dead = dead, Sources = sources };
    }

    private int InputOf(uint number, out uint ordinal)
    {
        int input = 0;
        while (number >= (uint)_starts[input + 1])
        {
            input++;
        }
        ordinal = number - (uint)_starts[input];
        return input;
    }
}
