using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Search;

/// <summary>Searches by text: encoded on the query side once everything else about the search has been checked.</summary>
internal sealed class SearchTexts(TextEncoder encoder)
{
    /// <returns>The same order where every query is a vector or words already.</returns>
    public ValueTask<SearchOrder> EncodeAsync(SearchOrder order, CallContext context, CancellationToken cancel) => order.NeedsEncoding
        ? EncodeAsync(order, SearchRunner.Left(order, context), context, cancel)
        : ValueTask.FromResult(order);

    /// <param name="left">Time for all texts together.</param>
    public async ValueTask<SearchOrder> EncodeAsync(SearchOrder order, TimeSpan? left, CallContext context, CancellationToken cancel)
    {
        // Side by side: the encoder puts what comes together into one batch.
        var tasks = new List<(int At, Task<EncodedQuery> Task)>();
        for (int i = 0; i < order.Components.Count; i++)
        {
            if (order.Components[i] is { Text: { } text, Encoded: null } component)
            {
                tasks.Add((i, encoder.QueryAsync(text, TaskOf(component, context), left, cancel).AsTask()));
            }
        }
        await Task.WhenAll(tasks.Select(static t => t.Task)).ConfigureAwait(false);
        foreach ((int at, Task<EncodedQuery> task) in tasks)
        {
            order = order.With(at, await task.ConfigureAwait(false));
        }
        return order;
    }

    public static EncodingTask TaskOf(SearchComponent component, CallContext context) =>
        new(component.Vector!, component.Text!.Task, component.Text.Truncation, context.Lane, context.RequestId);

    /// <summary>What encoding took and cut, in the header of the reply.</summary>
    public static void Report(QueryText text, EncodedQuery encoded, Wire.ReplyHeader header)
    {
        if (encoded.Timings is { } timings)
        {
            header.Timings.EncodeWaitMicros = timings.EncodeWaitMicros;
            header.Timings.TokenizeMicros = timings.TokenizeMicros;
            header.Timings.EncodeMicros = timings.EncodeMicros;
            header.Cost.Tokens += encoded.Use?.TokensUsed ?? 0;
        }
        if (encoded.IsOtherBuild)
        {
            header.Warnings.Add(EncoderErrors.OtherBuild(encoded.Fingerprint, text.Path));
        }
        if (encoded.Use is { Truncated: true } use)
        {
            header.Warnings.Add(new Wire.Warning
            {
                Kind = Wire.WarningKind.TextTruncated,
                Field = text.Path,
                Message = $"The model read {use.TokensUsed} of the text's {use.TokensIn} tokens.",
            });
        }
    }
}
