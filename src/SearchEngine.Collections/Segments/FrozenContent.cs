using SearchEngine.Collections.Multi;
using SearchEngine.Vectors;
using SearchEngine.Vectors.Live;
using SearchEngine.Vectors.Merge;

namespace SearchEngine.Collections.Segments;

/// <summary>Sealed live documents without the dead ones; numbers are live ordinals.</summary>
internal sealed class FrozenContent : SegmentContent
{
    private readonly LiveDocuments _live;
    private readonly int _threads;
    private readonly RowSet _dead;

    public FrozenContent(LiveDocuments live, RowSet dead, int threads)
    {
        if (!live.IsSealed)
        {
            throw new InvalidOperationException(
                "Live documents are frozen after they are sealed, so that none is appended behind the freeze's back.");
        }
        if (dead.Rows != live.Count)
        {
            throw new ArgumentException($"{live.Count} documents need as many dead bits, not {dead.Rows}.", nameof(dead));
        }
        _live = live;
        _threads = threads;
        _dead = dead;
        Numbers = live.Count;
    }

    public override int Numbers { get; }

    public override bool IsKept(uint number) => !_dead.Contains(number);

    public override VectorSegment? BuildVectors(int vector, CancellationToken cancel)
    {
        LiveSegment segment = _live.Vectors(vector);
        int count = segment.Count, kept = 0;
        var dead = new ulong[RowSet.WordsFor(count)];
        for (uint row = 0; row < (uint)count; row++)
        {
            // Rows beyond the documents are left over from an append that failed half way.
            uint document = _live.DocumentOf(vector, row);
            bool isKept = document < (uint)Numbers && IsKept(document);
            kept += isKept ? 1 : 0;
            dead[row >> 6] |= isKept ? 0 : 1UL << (int)(row & 63);
        }
        return kept == 0 ? null : SegmentMerger.Freeze(segment, dead, _threads, out _, cancel);
    }

    public override IdKey KeyOf(uint number) => _live.KeyOf(number);

    public override ulong VersionOf(uint number) => _live.VersionOf(number);

    public override ReadOnlySpan<byte> BodyOf(uint number) => _live.BodyOf(number);

    public override MultiRows MultiOf(int position, uint number) => _live.MultiOf(position, number);

    public override string OriginOf(uint number) => $"row {number} of the live documents";
}
