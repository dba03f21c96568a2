using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>
/// The moment at which a live segment was closed: what the next manifest will say. Writes go on behind it, and merges may
/// replace segments before it is written.
/// </summary>
internal sealed class Boundary
{
    private readonly Dictionary<DocumentSegment, DeadRows> _dead = [];

    public Boundary(View last)
    {
        Sequence = last.Sequence;
        Sealed = last.Sources[^1];
        foreach (ViewSource source in last.Sources)
        {
            if (source.Segment is { } segment)
            {
                _dead.Add(segment, source.Dead);
            }
        }
    }

    public ulong Sequence { get; }

    /// <summary>The closed live segment with the rows that were dead by then.</summary>
    public ViewSource Sealed { get; }

    public DeadRows DeadOf(DocumentSegment segment) => _dead[segment];

    /// <summary>Segments became one after the boundary: what was dead in them at the boundary is dead in it.</summary>
    public void Moved(IReadOnlyList<(DocumentSegment Segment, uint[] Moves)> from, DocumentSegment? into)
    {
        var dead = new List<uint>();
        foreach ((DocumentSegment segment, uint[] moves) in from)
        {
            dead.AddRange(RowMoves.Carry(_dead[segment], moves));
            _dead.Remove(segment);
        }
        if (into is not null)
        {
            _dead.Add(into, DeadRows.None(into.Count).With(dead));
        }
    }
}
