using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Search;

/// <summary>Searches by text: encoded on the query side once everything else about the search has been checked.</summary>
internal sealed class SearchTexts(TextEncoder encoder)
{
    /// <returns>The same order where the query is a vector already.</returns>
    public async ValueTask<SearchOrder> EncodeAsync(SearchOrder order, CallContext context, CancellationToken cancel) => order.Text is not { } text
        ? order
        : With(order, await encoder.QueryAsync(text, TaskOf(order, context), SearchRunner.Left(order, context), cancel).ConfigureAwait(false));

    public static SearchOrder With(SearchOrder order, EncodedQuery encoded) =>
        order with { Encoded = encoded, Request = order.Request with { Query = encoded.Values } };

    public static EncodingTask TaskOf(SearchOrder order, CallContext context) =>
        new(order.Vector, order.Text!.Task, order.Text.Truncation, context.Lane, context.RequestId);

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
