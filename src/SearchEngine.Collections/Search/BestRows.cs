using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>The best documents by their postings or tokens over the segments searched so far; equal scores are ordered by id.</summary>
internal sealed class BestRows(View view, int wanted)
{
    /// <summary>Bounds are summed in another order than scores: what is equal but for rounding still counts.</summary>
    private const double Rounding = 1e-12;

    // The worst comes out first.
    private readonly PriorityQueue<RowAddress, (double Score, DocumentId Id)> _found = new(
        Comparer<(double Score, DocumentId Id)>.Create(
            static (a, b) => a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Id.CompareTo(a.Id)));

    /// <summary>What a score must reach to matter.</summary>
    public double Least { get; private set; } = double.NegativeInfinity;

    public void Add(RowAddress row, double score)
    {
        (double Score, DocumentId Id) rank = (score, view.Sources[row.Source].IdOf(row.Ordinal));
        if (_found.Count < wanted)
        {
            _found.Enqueue(row, rank);
        }
        else
        {
            _found.EnqueueDequeue(row, rank);
        }
        if (_found.Count == wanted && _found.TryPeek(out _, out (double Score, DocumentId Id) worst))
        {
            Least = worst.Score - Math.Abs(worst.Score) * Rounding;
        }
    }

    /// <summary>The best first.</summary>
    public IReadOnlyList<Hit> Hits()
    {
        (RowAddress Row, (double Score, DocumentId Id) Rank)[] found = [.. _found.UnorderedItems];
        Array.Sort(found, static (a, b) => a.Rank.Score != b.Rank.Score ? b.Rank.Score.CompareTo(a.Rank.Score) : a.Rank.Id.CompareTo(b.Rank.Id));
        return Array.ConvertAll(found, static f => new Hit(f.Rank.Id, Finite(f.Rank.Score)) { Row = f.Row });
    }

    // Products of great weights may surpass what a float holds; their order does not suffer.
    private static float Finite(double score) => (float)Math.Clamp(score, float.MinValue, float.MaxValue);
}
