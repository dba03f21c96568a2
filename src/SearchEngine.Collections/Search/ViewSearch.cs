using SearchEngine.Collections.Multi;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Search;

/// <summary>Searches of any kind over one view, with their second stage where they have one.</summary>
internal static class ViewSearch
{
    /// <param name="request">By one query.</param>
    /// <param name="progress">Sees what is found on the way; null for nobody.</param>
    /// <exception cref="OperationCanceledException">Cancelled, and the request does not allow partial results.</exception>
    public static SearchResult Run(
        View view, QueryRequest request, CollectionSettings settings, ISearchProgress? progress, TimeProvider clock, CancellationToken cancel)
    {
        using LateStage? late = LateStage.Of(view, request, progress, cancel);
        if (late is not null)
        {
            (request, progress) = (late.First(request), late.FirstProgress);
        }
        var run = new SearchRun(view, request, settings, progress, clock, cancel);
        SearchResult result = request switch
        {
            SearchRequest vector => run.By(new VectorScoring(view, vector, settings)),
            PostingSearchRequest postings => run.By(new PostingScoring(view, postings)),
            MultiSearchRequest tokens => ByTokens(run, view, tokens),
            _ => throw new ArgumentException($"{request.GetType().Name} is not a search by one query.", nameof(request)),
        };
        return late?.Run(result) ?? result;
    }

    /// <inheritdoc cref="Run(View, QueryRequest, CollectionSettings, ISearchProgress?, TimeProvider, CancellationToken)"/>
    public static HybridResult Run(
        View view, HybridRequest request, CollectionSettings settings, ISearchProgress? progress, TimeProvider clock, CancellationToken cancel)
    {
        using LateStage? late = LateStage.Of(view, request, progress, cancel);
        if (late is not null)
        {
            (request, progress) = ((HybridRequest)late.First(request), late.FirstProgress);
        }
        HybridResult result = new HybridSearch(view, request, settings, progress, clock, cancel).Run();
        return late?.Run(result) ?? result;
    }

    private static SearchResult ByTokens(SearchRun run, View view, MultiSearchRequest request)
    {
        using var scoring = new MultiScoring(view, request);
        return run.By(scoring);
    }
}
