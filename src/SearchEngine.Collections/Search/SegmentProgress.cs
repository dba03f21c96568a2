using System.Runtime.InteropServices;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Search;

/// <summary>
/// Shows what the walk or scan of one segment finds together with the hits of the segments before. Rows that a walk only passes through
/// are no hits and are not shown, whatever the walk itself reports.
/// </summary>
internal sealed class SegmentProgress(
    SegmentTurn turn, ISearchProgress progress, HitWindow window, BestHits best, ViewSource source, int vector)
    : ISearchObserver
{
    private readonly List<Candidate> _found = [];

    public void Observe(ReadOnlySpan<Candidate> candidates, int scored)
    {
        if (!progress.IsWanted)
        {
            return;
        }
        _found.Clear();
        foreach (Candidate row in candidates)
        {
            uint document = source.DocumentOf(vector, row.Ordinal);
            if (turn.Accept.Contains(document))
            {
                _found.Add(new Candidate(document, row.Score));
            }
        }
        IReadOnlyList<Hit> hits = best.With(turn.Source, CollectionsMarshal.AsSpan(_found));
        progress.Improved(new SearchMoment(window.Cut(hits), IsExact: false, turn.Searched, turn.Matches));
    }
}
