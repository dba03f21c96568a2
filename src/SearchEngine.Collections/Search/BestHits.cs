using SearchEngine.Collections.Views;
using SearchEngine.Vectors;

namespace SearchEngine.Collections.Search;

/// <summary>The best documents over the segments searched so far. Equal scores are ordered by id, so that an answer does not
/// depend on how documents are spread over segments.</summary>
internal sealed class BestHits(View view, int wanted)
{
    // Grows once where the best of a second segment stand behind those of the first: mostly there is one large segment.
    private readonly List<Hit> _hits = new(wanted);

    /// <summary>Score that a hit must reach to matter; null while there are fewer than wanted.</summary>
    public float? Bound => _hits.Count >= wanted ? _hits[wanted - 1].Score : null;

    public IReadOnlyList<Hit> Hits => _hits;

    /// <param name="source">Position of the segment in the view.</param>
    /// <param name="found">Its best rows, as documents.</param>
    public void Add(int source, ReadOnlySpan<Candidate> found) => Merge(_hits, source, found);

    /// <summary>The best if these were added.</summary>
    public IReadOnlyList<Hit> With(int source, ReadOnlySpan<Candidate> found)
    {
        List<Hit> hits = [.. _hits];
        Merge(hits, source, found);
        return hits;
    }

    private void Merge(List<Hit> hits, int source, ReadOnlySpan<Candidate> found)
    {
        ViewSource rows = view.Sources[source];
        float least = Bound ?? float.NegativeInfinity;
        foreach (Candidate candidate in found)
        {
            if (candidate.Score < least)
            {
                break;
            }
            hits.Add(new Hit(rows.IdOf(candidate.Ordinal), candidate.Score) { Row = new RowAddress(source, candidate.Ordinal) });
        }
        hits.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Id.CompareTo(b.Id));
        if (hits.Count > wanted)
        {
            hits.RemoveRange(wanted, hits.Count - wanted);
        }
    }
}
