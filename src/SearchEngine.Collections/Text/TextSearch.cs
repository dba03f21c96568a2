using System.Diagnostics;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Search;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Text;

/// <summary>
/// One search by words over one view. How rare a word is and how long texts are is counted over all segments, dead rows included until
/// they are merged away; so a score is the same in whichever segment a document is.
/// </summary>
internal sealed class TextSearch(View view, TextSearchRequest request, UnindexedFilter unindexed, CancellationToken cancel)
{
    private readonly TextQuery _query = TextQuery.Of(view.Schema, request);

    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public SearchResult Run()
    {
        long began = Stopwatch.GetTimestamp();
        CompiledFilter? filter = request.Filter.IsEmpty ? null : CompiledFilter.Compile(request.Filter, view.Schema, unindexed);
        WordParts parts = WordParts.Of(view, _query);
        var best = new BestTexts(view, request.Offset + request.Count);
        long planned = Stopwatch.GetTimestamp();
        long matches = 0, scored = 0;
        for (int source = 0; source < view.Sources.Count; source++)
        {
            cancel.ThrowIfCancellationRequested();
            using var accept = new SourceAccept(view.Sources[source], filter);
            matches += accept.Count;
            var scan = new TextScan(source, accept, parts.Cursors(source), parts.Count, best);
            scan.Run(cancel);
            scored += scan.Scored;
        }
        IEnumerable<Hit> hits = best.Hits().Skip(request.Offset);
        return new SearchResult
        {
            Hits = [.. request.MinScore is float least ? hits.TakeWhile(h => h.Score >= least) : hits],
            Plan = new SearchPlan { Strategy = Strategy.Postings, Matches = matches, Segments = view.Sources.Count, Scored = scored },
            Recall = new RecallEstimate(1, RecallBasis.Exact),
            Sequence = view.Sequence,
            PlanTime = Stopwatch.GetElapsedTime(began, planned),
            SearchTime = Stopwatch.GetElapsedTime(planned),
        };
    }
}
