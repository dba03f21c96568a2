using System.Runtime.CompilerServices;
using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Search.Diversity;
using SearchEngine.Collections.Search.Groups;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>
/// Runs searches on the thread that brought them: takes a place at the desk, searches until the answer is there, the time is over or
/// nobody waits any more, and gives the place back.
/// </summary>
/// <param name="watch">Told how each search ended; null for nobody.</param>
internal sealed class SearchRunner(AdmissionDesk desk, CostModel costs, TimeProvider clock, SearchWatch? watch = null)
{
    public AdmissionDesk Desk => desk;

    public long Predict(SearchOrder order)
    {
        long micros = 0;
        for (int i = 0; i < order.Components.Count; i++)
        {
            micros += costs.Predict(order.Components[i].Shape);
        }
        return micros + (order.Late is { } late ? costs.Predict(late.Shape) : 0);
    }

    /// <param name="progress">Sees what is found on the way; null for nobody.</param>
    /// <param name="own">Ends this search alone, as in a pipeline; default when only the end of the call does.</param>
    public async ValueTask<SearchAnswer> RunAsync(
        SearchOrder order, CallContext context, Engine.ISearchProgress? progress = null, CancellationToken own = default)
    {
        SearchOutcome outcome = await TryRunAsync(order, context, progress, own).ConfigureAwait(false);
        return outcome.Answer ?? throw outcome.Refusal!;
    }

    /// <summary>As <see cref="RunAsync"/>, but what is refused at the door comes back as such.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // Beside the places a busy server's searches all wait for a moment.
    public async ValueTask<SearchOutcome> TryRunAsync(
        SearchOrder order, CallContext context, Engine.ISearchProgress? progress = null, CancellationToken own = default)
    {
        try
        {
            Entry entry = desk.Enter(Work(order, context));
            if (entry.Refusal is { } refusal)
            {
                Doubt(order, entry.IsPrediction);
                watch?.Failed(refusal);
                return new SearchOutcome(null, refusal);
            }
            Ticket ticket = entry.Ticket;
            if (entry.Waiter is { } waiter)
            {
                try
                {
                    ticket = await desk.WaitAsync(waiter, own.CanBeCanceled ? own : context.Call.Cancellation).ConfigureAwait(false);
                }
                catch (RpcException)
                {
                    Doubt(order, waiter.IsPrediction);
                    throw;
                }
            }
            SearchAnswer answer;
            try
            {
                answer = Search(order, context, progress, ticket, own);
            }
            finally
            {
                desk.Leave(ticket);
            }
            watch?.Answered(order, answer, context);
            return new SearchOutcome(answer, null);
        }
        catch (Exception failure) when (watch is not null)
        {
            watch.Failed(failure);
            throw;
        }
    }

    /// <summary>Time until a partial answer has to leave, or the budget or deadline ends; null for ever.</summary>
    public static TimeSpan? Left(SearchOrder order, CallContext context) => CallTime.Left(context, order.Budget, order.MayBePartial);

    private WorkOrder Work(SearchOrder order, CallContext context)
    {
        long? remaining = Left(order, context) is { } left ? (long)left.TotalMicroseconds : null;
        LaneKind lane = context.Lane == Wire.Lane.Bulk ? LaneKind.Bulk : LaneKind.Interactive;
        return new WorkOrder(lane, context.Caller.Name, Predict(order), remaining, order.MayBePartial);
    }

    private void Doubt(SearchOrder order, bool isPrediction)
    {
        if (isPrediction)
        {
            foreach (SearchComponent component in order.Components)
            {
                costs.Doubted(component.Shape);
            }
            if (order.Late is { } late)
            {
                costs.Doubted(late.Shape);
            }
        }
    }

    private SearchAnswer Search(SearchOrder order, CallContext context, Engine.ISearchProgress? progress, Ticket ticket, CancellationToken own)
    {
        TimeSpan? left = Left(order, context);
        bool isWatched = progress is not null || order.IsShaped || own.CanBeCanceled || ticket.PredictedMicros > SearchLimits.UnwatchedMicros
            || left?.TotalMicroseconds < 4 * ticket.PredictedMicros;
        CancellationToken nobodyWaits = !isWatched ? default : own.CanBeCanceled ? own : context.Call.Cancellation;
        using CancellationTokenSource? timer = isWatched && left is not null ? CancellationTokenSource.CreateLinkedTokenSource(nobodyWaits) : null;
        if (left <= TimeSpan.Zero)
        {
            timer?.Cancel();
        }
        else
        {
            timer?.CancelAfter(left!.Value);
        }
        CancellationToken end = timer?.Token ?? nobodyWaits;
        long began = clock.GetTimestamp();
        try
        {
            FoundHits found = Ask(order, context, progress, end);
            Engine.SearchResult result = found.Result;
            long micros = (long)clock.GetElapsedTime(began).TotalMicroseconds;
            nobodyWaits.ThrowIfCancellationRequested();
            bool ranOut = !result.IsComplete && end.IsCancellationRequested;
            if (ranOut && !order.MayBePartial)
            {
                throw SearchErrors.Deadline(context.Elapsed);
            }
            if (result.IsComplete)
            {
                // Rounds are searches of the predicted kind.
                Learn(order, result, found.Fused, (micros - (long)found.ChoiceTime.TotalMicroseconds) / (found.Grouped?.Rounds ?? 1));
            }
            return new SearchAnswer(result, found.Fused, found.Documents, ranOut, ticket, micros) { Groups = found.Grouped?.Groups, Ranks = found.Ranks };
        }
        catch (CollectionException refused)
        {
            throw SearchErrors.Of(refused, context);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !nobodyWaits.IsCancellationRequested)
        {
            throw SearchErrors.Deadline(context.Elapsed);
        }
    }

    private void Learn(SearchOrder order, Engine.SearchResult result, Engine.HybridResult? fused, long micros)
    {
        if (order.Late is { } late)
        {
            costs.Learn(late.Shape, (long)result.LateTime.TotalMicroseconds);
            micros -= (long)result.LateTime.TotalMicroseconds;
        }
        if (fused is null)
        {
            costs.Learn(order.Components[0].Shape, micros);
            return;
        }
        for (int i = 0; i < order.Components.Count; i++)
        {
            costs.Learn(order.Components[i].Shape, (long)(fused.Parts[i].PlanTime + fused.Parts[i].SearchTime).TotalMicroseconds);
        }
    }

    private static FoundHits Ask(
        SearchOrder order, CallContext context, Engine.ISearchProgress? progress, CancellationToken end)
    {
        Collection collection = context.Collection;
        Engine.SearchResult result;
        IReadOnlyList<Document> documents = [];
        // More text than a reply may have is not read: the reply comes without texts then.
        DocumentParts? parts = order.Parts is { } wanted ? wanted.Parts with { MaxTextLength = context.ReplyLimit } : null;
        if (order.IsShaped)
        {
            return AskShaped(order, collection, parts, progress, end);
        }
        if (order.Request is Engine.HybridRequest hybrid)
        {
            (Engine.HybridResult fused, documents) = collection.WatchHybrid(hybrid, parts, progress, end);
            return new FoundHits(fused.AsOne(), fused, documents);
        }
        if (order.Request is Engine.PostingSearchRequest postings)
        {
            (result, documents) = collection.SearchPostings(postings, parts, progress, end);
        }
        else if (order.Request is Engine.MultiSearchRequest tokens)
        {
            (result, documents) = collection.SearchMulti(tokens, parts, progress, end);
        }
        else
        {
            var vector = (Engine.SearchRequest)order.Request;
            (result, documents) = progress is not null ? collection.Watch(vector, parts, progress, end)
                : parts is not null ? collection.Search(vector, parts, end)
                : (collection.Search(vector, end), []);
        }
        return new FoundHits(result, null, documents);
    }

    private static FoundHits AskShaped(
        SearchOrder order, Collection collection, DocumentParts? parts, Engine.ISearchProgress? progress, CancellationToken end)
    {
        using PinnedView view = collection.Pin();
        IReadOnlyList<Document> Read(Engine.SearchResult result) => parts is null ? [] : view.Read(result.Hits, parts);
        if (order.Grouping is { } grouping)
        {
            GroupedResult grouped = view.SearchGrouped(order.Request, grouping, progress, end);
            return new FoundHits(grouped.Result, grouped.Fused, Read(grouped.Result)) { Grouped = grouped };
        }
        DiverseResult diverse = view.SearchDiverse(order.Request, order.Diversity!, progress, end);
        return new FoundHits(diverse.Result, diverse.Fused, Read(diverse.Result)) { Ranks = diverse.Ranks, ChoiceTime = diverse.ChoiceTime };
    }
}
