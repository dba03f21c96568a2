using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Sparse;
using SearchEngine.Collections.Text;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>What each word of a query, or dimension of a sparse one, adds to the score of a point. Where a word stands in the text is not recorded, so no spans are told.</summary>
internal static class WordTerms
{
    public static IEnumerable<Wire.TermScore> Of(SearchOrder order, DocumentId id, Collection collection)
    {
        using PinnedView view = collection.Pin();
        for (int i = 0; i < order.Components.Count; i++)
        {
            Engine.QueryRequest request = ExplainedOrders.RequestOf(order, i);
            if (request is Engine.SparseSearchRequest sparse)
            {
                foreach (DimensionScore dimension in view.ScoreDimensions(sparse, id))
                {
                    yield return new Wire.TermScore
                    {
                        Component = order.Components[i].Name,
                        Term = Refusal.Number(dimension.Dimension),
                        Contribution = (float)dimension.Score,
                    };
                }
            }
            if (request is not Engine.TextSearchRequest words)
            {
                continue;
            }
            // A word may be in several fields.
            foreach (IGrouping<string, WordScore> word in view.ScoreWords(words, id).GroupBy(static s => s.Word, StringComparer.Ordinal))
            {
                yield return new Wire.TermScore
                {
                    Component = order.Components[i].Name,
                    Term = word.Key,
                    Contribution = (float)word.Sum(static s => s.Score),
                };
            }
        }
    }
}
