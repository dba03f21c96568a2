using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Sparse;

/// <summary>The dimensions of a query that any document of a view has, ascending: each with its postings in every segment.</summary>
internal sealed class WeightParts : IPostingQuery
{
    private readonly List<(uint Dimension, float Weight, IPostings?[] Postings)> _parts = [];

    private WeightParts()
    {
    }

    public int Count => _parts.Count;

    /// <summary>Nothing bounds a dot product.</summary>
    public ScoreBounds? Bounds => null;

    public int[]? Groups => null;

    public int GroupCount => 0;

    public long Postings => _parts.Sum(static p => p.Postings.Sum(static s => (long)(s?.Count ?? 0)));

    public static WeightParts Of(View view, SparseQuery query)
    {
        var parts = new WeightParts();
        IWeightIndex[] weights = [.. view.Sources.Select(source => source.Weights(query.Position))];
        for (int i = 0; i < query.Vector.Count; i++)
        {
            uint dimension = query.Vector.Dimensions.Span[i];
            IPostings?[] postings = Array.ConvertAll(weights, w => w.Find(dimension));
            if (Array.Exists(postings, static p => p is not null))
            {
                parts._parts.Add((dimension, query.Vector.Weights.Span[i], postings));
            }
        }
        return parts;
    }

    public IEnumerable<PostingCursor> Cursors(int source)
    {
        for (int part = 0; part < _parts.Count; part++)
        {
            if (_parts[part].Postings[source] is { } postings)
            {
                yield return new PostingCursor(postings, new WeightScorer(_parts[part].Weight), part);
            }
        }
    }

    /// <summary>What each dimension adds to the score of a row, without those that it does not have.</summary>
    public IReadOnlyList<DimensionScore> ScoresOf(RowAddress row)
    {
        var scores = new List<DimensionScore>();
        foreach (PostingCursor cursor in Cursors(row.Source))
        {
            cursor.MoveTo(row.Ordinal);
            if (cursor.Row == row.Ordinal)
            {
                scores.Add(new DimensionScore(_parts[cursor.Part].Dimension, cursor.Score()));
            }
        }
        return scores;
    }
}
