using SearchEngine.Collections;
using SearchEngine.Collections.Documents;
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

    public long Predict(SearchOrder order) => costs.Predict(order.Shape);

    /// <param name="progress">Sees what is found on the way; null for nobody.</param>
    /// <param name="own">Ends this search alone, as in a pipeline; default when only the end of the call does.</param>
    public async ValueTask<SearchAnswer> RunAsync(
        SearchOrder order, CallContext context, Engine.ISearchProgress? progress = null, CancellationToken own = default)
    {
        try
        {
            Ticket ticket = await EnterAsync(order, context, own).ConfigureAwait(false);
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
            return answer;
        }
        catch (Exception failure) when (watch is not null)
        {
            watch.Failed(failure);
            throw;
        }
    }

    /// <summary>Time until a partial answer has to leave, or the budget or deadline ends; null for ever.</summary>
    public static TimeSpan? Left(SearchOrder order, CallContext context) => CallTime.Left(context, order.Budget, order.MayBePartial);

    private async ValueTask<Ticket> EnterAsync(SearchOrder order, CallContext context, CancellationToken own)
    {
        long? remaining = Left(order, context) is { } left ? (long)left.TotalMicroseconds : null;
        var work = new WorkOrder(context.Lane == Wire.Lane.Bulk ? LaneKind.Bulk : LaneKind.Interactive, context.Caller.Name, costs.Predict(order.Shape), remaining, order.MayBePartial);
        try
        {
            return desk.TryEnter(work, out Ticket ticket)
                ? ticket
                : await desk.EnterAsync(work, own.CanBeCanceled ? own : context.Call.Cancellation).ConfigureAwait(false);
        }
        catch (RpcException late) when (late.Reason == Reasons.NameOf(Wire.ErrorReason.PredictedLate))
        {
            costs.Doubted(order.Shape);
            throw;
        }
    }

    private SearchAnswer Search(SearchOrder order, CallContext context, Engine.ISearchProgress? progress, Ticket ticket, CancellationToken own)
    {
        TimeSpan? left = Left(order, context);
        bool isWatched = progress is not null || own.CanBeCanceled || ticket.PredictedMicros > SearchLimits.UnwatchedMicros
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
            (Engine.SearchResult result, IReadOnlyList<Document> documents) = Ask(order, context.Collection, progress, end);
            long micros = (long)clock.GetElapsedTime(began).TotalMicroseconds;
            nobodyWaits.ThrowIfCancellationRequested();
            bool ranOut = !result.IsComplete && end.IsCancellationRequested;
            if (ranOut && !order.MayBePartial)
            {
                throw SearchErrors.Deadline(context.Elapsed);
            }
            if (result.IsComplete)
            {
                costs.Learn(order.Shape, micros);
            }
            return new SearchAnswer(result, documents, ranOut, ticket, micros);
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

    private static (Engine.SearchResult Result, IReadOnlyList<Document> Documents) Ask(
        SearchOrder order, Collection collection, Engine.ISearchProgress? progress, CancellationToken end) => progress is not null
            ? collection.Watch(order.Request, order.Parts?.Parts, progress, end)
            : order.Parts is { } parts ? collection.Search(order.Request, parts.Parts, end) : (collection.Search(order.Request, end), []);
}
