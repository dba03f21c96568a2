using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Search;

/// <summary>The texts of a batch of searches, encoded together: those that are encoded alike go in one call.</summary>
internal static class BatchTexts
{
    private static readonly IReadOnlyDictionary<int, TextOutcome> None = System.Collections.ObjectModel.ReadOnlyDictionary<int, TextOutcome>.Empty;

    /// <returns>By place in the batch. A search that is not even readable is left to say so itself.</returns>
    public static async ValueTask<IReadOnlyDictionary<int, TextOutcome>> EncodeAsync(
        IReadOnlyList<Wire.SearchRequest> searches, TextEncoder encoder, CallContext context)
    {
        if (!searches.Any(static search => search.Query?.KindCase == Wire.Query.KindOneofCase.Text))
        {
            return None;
        }
        var orders = new List<(int Place, SearchOrder Order)>();
        for (int i = 0; i < searches.Count; i++)
        {
            if (searches[i].Query?.KindCase == Wire.Query.KindOneofCase.Text && TryRead(searches[i], context) is { } order)
            {
                orders.Add((i, order));
            }
        }
        var outcomes = new Dictionary<int, TextOutcome>();
        foreach (IGrouping<EncodingTask, (int Place, SearchOrder Order)> alike in orders.GroupBy(o => SearchTexts.TaskOf(o.Order, context)))
        {
            (int Place, SearchOrder Order)[] group = [.. alike];
            TextOutcome[] made = await MadeAsync(group, alike.Key, encoder, context).ConfigureAwait(false);
            for (int i = 0; i < group.Length; i++)
            {
                outcomes[group[i].Place] = made[i];
            }
        }
        return outcomes;
    }

    // What keeps all of them from being encoded is the error of each, beside searches that need no encoder.
    private static async Task<TextOutcome[]> MadeAsync((int Place, SearchOrder Order)[] group, EncodingTask task, TextEncoder encoder, CallContext context)
    {
        try
        {
            return await encoder.QueriesAsync([.. group.Select(static o => o.Order.Text!)], task, context.Remaining, context.Cancellation).ConfigureAwait(false);
        }
        catch (RpcException failed)
        {
            return [.. group.Select(_ => new TextOutcome(null, failed))];
        }
    }

    private static SearchOrder? TryRead(Wire.SearchRequest search, CallContext context)
    {
        try
        {
            return SearchMap.Read(search, context.Collection, context.Restrict);
        }
        catch (RpcException)
        {
            // Read again in its place, where this is its answer.
            return null;
        }
    }
}
