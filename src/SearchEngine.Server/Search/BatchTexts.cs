using SearchEngine.Collections;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Search;

/// <summary>The texts of a batch of searches, encoded together: those that are encoded alike go in one call.</summary>
internal sealed class BatchTexts
{
    private readonly Dictionary<(int Search, int Component), TextOutcome> _outcomes = [];

    private BatchTexts()
    {
    }

    /// <returns>A search that is not even readable is left to say so itself.</returns>
    public static async ValueTask<BatchTexts> EncodeAsync(IReadOnlyList<Wire.SearchRequest> searches, TextEncoder encoder, CallContext context)
    {
        var texts = new BatchTexts();
        var asked = new List<((int Search, int Component) Place, SearchComponent Component)>();
        for (int i = 0; i < searches.Count; i++)
        {
            if (HasText(searches[i]) && TryRead(searches[i], context) is { } order)
            {
                asked.AddRange(order.Components.Select((c, at) => ((i, at), c)).Where(static c => c.c.Text is not null));
            }
        }
        foreach (IGrouping<EncodingTask, ((int Search, int Component) Place, SearchComponent Component)> alike in
            asked.GroupBy(a => SearchTexts.TaskOf(a.Component, context)))
        {
            ((int Search, int Component) Place, SearchComponent Component)[] group = [.. alike];
            TextOutcome[] made = await MadeAsync([.. group.Select(static a => a.Component.Text!)], alike.Key, encoder, context).ConfigureAwait(false);
            for (int i = 0; i < group.Length; i++)
            {
                texts._outcomes[group[i].Place] = made[i];
            }
        }
        return texts;
    }

    /// <summary>The search with what its texts became.</summary>
    /// <param name="search">Its place in the batch.</param>
    /// <exception cref="RpcException">A text that could not be encoded.</exception>
    public SearchOrder Fill(int search, SearchOrder order)
    {
        for (int at = 0; order.NeedsEncoding && at < order.Components.Count; at++)
        {
            if (order.Components[at].Text is not null)
            {
                TextOutcome outcome = _outcomes[(search, at)];
                order = order.With(at, outcome.Encoded ?? throw outcome.Error!);
            }
        }
        return order;
    }

    private static bool HasText(Wire.SearchRequest search) => search.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid
        ? search.Hybrid.Components.Any(static c => c.Query?.KindCase == Wire.Query.KindOneofCase.Text)
        : search.Query?.KindCase == Wire.Query.KindOneofCase.Text;

    // What keeps all of them from being encoded is the error of each, beside searches that need no encoder.
    private static async Task<TextOutcome[]> MadeAsync(QueryText[] texts, EncodingTask task, TextEncoder encoder, CallContext context)
    {
        try
        {
            return await encoder.QueriesAsync(texts, task, context.Remaining, context.Cancellation).ConfigureAwait(false);
        }
        catch (RpcException failed)
        {
            return [.. texts.Select(_ => new TextOutcome(null, failed))];
        }
    }

    private static SearchOrder? TryRead(Wire.SearchRequest search, CallContext context)
    {
        try
        {
            return SearchMap.Read(search, context.Collection, context.Caller);
        }
        catch (Exception refused) when (refused is RpcException or CollectionException)
        {
            // Read again in its place, where this is its answer.
            return null;
        }
    }
}
