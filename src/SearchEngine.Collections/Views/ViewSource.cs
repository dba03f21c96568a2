using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Text;

namespace SearchEngine.Collections.Views;

/// <summary>
/// What a view sees of one segment: the rows below a bound without the dead ones. Rows appended behind the bound and rows
/// that die later do not change it.
/// </summary>
internal sealed class ViewSource
{
    private readonly Shared<DocumentSegment>? _segment;
    private readonly Shared<LiveDocuments>? _live;
    private ulong[]? _alive;

    public ViewSource(Shared<DocumentSegment> segment, DeadRows dead)
    {
        _segment = segment;
        Rows = segment.Value.Count;
        Dead = dead;
    }

    public ViewSource(Shared<LiveDocuments> live, int rows, DeadRows dead)
    {
        _live = live;
        Rows = rows;
        Dead = dead;
    }

    /// <summary>Rows below the bound, dead or alive.</summary>
    public int Rows { get; }

    public DeadRows Dead { get; }

    public int AliveCount => Rows - Dead.Count;

    public DocumentSegment? Segment => _segment?.Value;

    public LiveDocuments? Live => _live?.Value;

    /// <summary>One bit per row below the bound: alive. Made once per view, when a search first needs it.</summary>
    public ReadOnlySpan<ulong> Alive => _alive ??= MakeAlive();

    public bool IsAlive(uint ordinal) => ordinal < (uint)Rows && !Dead.Contains(ordinal);

    /// <summary>The living row of a document, if this segment holds it.</summary>
    public bool TryFind(DocumentId id, out uint ordinal)
    {
        int below = Rows;
        while (Find(id, below, out ordinal))
        {
            if (!Dead.Contains(ordinal))
            {
                return true;
            }
            // In a live segment an older row of the document may be the living one: the newer was never acknowledged.
            below = (int)ordinal;
        }
        return false;
    }

    public DocumentId IdOf(uint ordinal) => Segment?.IdOf(ordinal) ?? Live!.IdOf(ordinal);

    public ulong VersionOf(uint ordinal) => Segment?.VersionOf(ordinal) ?? Live!.VersionOf(ordinal);

    public ReadOnlySpan<byte> BodyOf(uint ordinal) => Segment is { } segment ? segment.BodyOf(ordinal) : Live!.BodyOf(ordinal);

    /// <summary>Whether row and document have the same number in this vector, so that document bits are row bits.</summary>
    public bool IsIdentity(int vector) => Segment is not null ? DocumentSegment.IsIdentity(vector) : Live!.IsIdentity(vector);

    /// <summary>Rows of a vector that belong to documents below the bound.</summary>
    public int VectorRows(int vector) => Segment is { } segment ? segment.Vectors(vector)?.Count ?? 0 : Live!.VectorRowsBelow(vector, Rows);

    /// <summary>False when the document has no such vector.</summary>
    public bool TryVectorRow(int vector, uint document, out uint row) =>
        Segment is { } segment ? segment.TryVectorRow(vector, document, out row) : Live!.TryVectorRow(vector, document, out row);

    public uint DocumentOf(int vector, uint row) => Segment?.DocumentOf(vector, row) ?? Live!.DocumentOf(vector, row);

    /// <summary>Copies a vector in the caller's coordinates and length; false when the document has none.</summary>
    public bool CopyVector(int vector, uint document, Span<float> values) =>
        Segment?.CopyVector(vector, document, values) ?? Live!.CopyVector(vector, document, values);

    /// <summary>The rows of a multi vector; empty where the document has none.</summary>
    public MultiRows MultiOf(int position, uint document) =>
        Segment is { } segment ? segment.MultiOf(position, document) : Live!.MultiOf(position, document);

    /// <summary>Rows of a multi vector over all documents, dead or alive.</summary>
    public long MultiRowsOf(int position) => Segment?.MultiRowsOf(position) ?? Live!.MultiRowsOf(position);

    /// <summary>Whether the recall of walks was measured, when the segment was made or as it grew, and reached the target.</summary>
    public bool IsTunedFor(int vector, float target)
    {
        if (Live is { } live)
        {
            return live.Vectors(vector).Tuning is { } curve && float.IsFinite(curve.WorkFor(target));
        }
        return Segment!.Vectors(vector)?.Parts.Calibration.Tuning.Any(curve => float.IsFinite(curve.WorkFor(target))) ?? false;
    }

    /// <summary>The margin that reaches the target by what the segment was tuned with; null where it was not tuned.</summary>
    public float? OwnMargin(int vector, float target)
    {
        if (Live is { } live)
        {
            return live.Vectors(vector).Tuning?.MarginFor(target);
        }
        if (Segment!.Vectors(vector)?.Parts is not { } parts)
        {
            return null;
        }
        for (int i = 0; i < parts.Calibration.Tuning.Count; i++)
        {
            if (parts.Calibration.Tuning[i].Tier == parts.Tier)
            {
                return parts.Calibration.Tuning[i].MarginFor(target);
            }
        }
        return null;
    }

    /// <summary>The words of an indexed text field, of the rows below the bound.</summary>
    public ITextIndex Texts(int position) => Segment?.Texts(position) ?? Live!.Texts.Below(position, Rows);

    /// <summary>The weights of a sparse vector, of the rows below the bound.</summary>
    public IWeightIndex Weights(int position) => Segment?.Weights(position) ?? Live!.SparseVectors.Below(position, Rows);

    /// <summary>What a filter reads; of a live segment, the rows below the bound.</summary>
    public FilterSource ToFilterSource() => Segment?.Filtered() ?? Live!.Filtered(Rows);

    public ViewSource With(int rows, DeadRows dead) =>
        _segment is not null ? new ViewSource(_segment, dead) : new ViewSource(_live!, rows, dead);

    public bool IsOf(object segment) => ReferenceEquals(Segment, segment) || ReferenceEquals(Live, segment);

    public void Acquire()
    {
        _segment?.Acquire();
        _live?.Acquire();
    }

    public void Release()
    {
        _segment?.Release();
        _live?.Release();
    }

    private bool Find(DocumentId id, int below, out uint ordinal) =>
        Segment is { } segment ? segment.TryFind(id, below, out ordinal) : Live!.TryFind(id, below, out ordinal);

    private ulong[] MakeAlive()
    {
        var words = new ulong[RowSet.WordsFor(Rows)];
        Array.Fill(words, ulong.MaxValue);
        if (Rows % 64 != 0)
        {
            words[^1] = (1UL << (Rows % 64)) - 1;
        }
        Dead.RemoveFrom(words);
        return words;
    }
}
