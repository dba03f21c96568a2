using System.Text;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Evaluation.Diagnosing;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Evaluation.Diagnosing;

/// <summary>
/// Compares vectors with what the collection's encoder makes of their texts, on both sides, and reads what was cut off a text. Where no encoder
/// can be asked, it knows nothing.
/// </summary>
internal sealed class EncodingCheck(ServerState server, CallContext context, VectorSchema vector)
{
    /// <summary>Builds of one model, and what is stored of a vector, differ less than this.</summary>
    private const float LeastCosine = 0.99f;

    /// <summary>Stretches of a cut-off part that are looked at.</summary>
    private const int MostStretches = 16;

    private bool CanEncode => BoundSpace.Of(vector)?.Binding.KindCase == Wire.SpaceBinding.KindOneofCase.Encoder && server.Encoders.Connections.Count > 0;

    /// <summary>Of a query that came as a vector.</summary>
    public async Task<(EncodingState State, float Cosine)> QueryAsync(ReadOnlyMemory<float> query, string text)
    {
        if (!CanEncode || text.Length == 0)
        {
            return default;
        }
        float[]? right = await QuerySideAsync(text).ConfigureAwait(false);
        float[]? wrong = (await DocumentSideAsync(text, Wire.Truncation.Head).ConfigureAwait(false))?.Values;
        return Judge(query.Span, right, wrong);
    }

    /// <summary>Of the stored point: whether its vector is that of its text, and how much of the text went into it.</summary>
    public async Task<(EncodingState State, float Cosine, Wire.TextUse? Use, string Text)> DocumentAsync(DocumentId id)
    {
        if (!CanEncode || vector.Source is not { } source)
        {
            return (EncodingState.Unknown, 0, null, "");
        }
        var parts = new DocumentParts { Attributes = [], Texts = [source.Field], Vectors = [vector.Name] };
        Document? stored = context.Collection.Get([id], parts)[0];
        if (stored is null || !stored.Texts.TryGetValue(source.Field, out string? text) || !stored.Vectors.TryGetValue(vector.Name, out ReadOnlyMemory<float> values))
        {
            return (EncodingState.Unknown, 0, null, "");
        }
        EncodedQuery? encoded = await DocumentSideAsync(text, (Wire.Truncation)source.Truncation).ConfigureAwait(false);
        if (encoded is null)
        {
            // Too long for the policy of the collection: the vector came from elsewhere.
            return (EncodingState.Unknown, 0, null, text);
        }
        float[]? other = await QuerySideAsync(text).ConfigureAwait(false);
        (EncodingState state, float cosine) = Judge(values.Span, encoded.Values, other);
        return (state, cosine, encoded.Use, text);
    }

    /// <summary>The best score of what was cut off a text; null where nothing was.</summary>
    public async Task<float?> CutPartAsync(ReadOnlyMemory<float> query, string text, Wire.TextUse use)
    {
        string cut = CutOf(text, use);
        if (cut.Length == 0 || use.TokensUsed == 0)
        {
            return null;
        }
        // Each about as long as what fits, which is what would have been encoded of it.
        int stretches = (int)Math.Clamp((use.TokensIn - 1) / use.TokensUsed, 1, MostStretches);
        var task = new EncodingTask(vector, "", Wire.Truncation.Head, context.Lane, context.RequestId);
        TextOutcome[] outcomes = await server.Texts.DocumentsAsync(Stretches(cut, stretches), task, context.Remaining, context.Cancellation).ConfigureAwait(false);
        return outcomes.Max(outcome => outcome.Encoded is { } encoded ? Score(query.Span, encoded.Values) : (float?)null);
    }

    private string CutOf(string text, Wire.TextUse use)
    {
        if (use.Cut is { } span && span.End > span.Start)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            int end = (int)Math.Min(span.End, (uint)bytes.Length), start = (int)Math.Min(span.Start, (uint)end);
            return Encoding.UTF8.GetString(bytes, start, end - start);
        }
        // About where the policy cuts; a word more or less does not decide.
        int read = (int)((long)text.Length * use.TokensUsed / Math.Max(1, use.TokensIn));
        return (Wire.Truncation)(vector.Source?.Truncation ?? 0) switch
        {
            Wire.Truncation.Tail => text[..^read],
            Wire.Truncation.HeadTail => text[(read / 2)..^(read - read / 2)],
            _ => text[read..],
        };
    }

    private static string[] Stretches(string text, int count)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? [text] : [.. words.Chunk((words.Length + count - 1) / count).Select(static some => string.Join(' ', some))];
    }

    private float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> values) => vector.Metric switch
    {
        VectorMetric.Cosine => Cosine(query, values),
        VectorMetric.Dot => (float)Dot(query, values),
        _ => (float)(2 * Dot(query, values) - Dot(query, query) - Dot(values, values)),
    };

    private static float Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right) =>
        (float)(Dot(left, right) / Math.Sqrt(Math.Max(double.Epsilon, Dot(left, left) * Dot(right, right))));

    private static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }
        return sum;
    }

    private static (EncodingState State, float Cosine) Judge(ReadOnlySpan<float> values, float[]? right, float[]? wrong)
    {
        if (right is null)
        {
            return default;
        }
        float own = Cosine(values, right);
        float other = wrong is null ? float.NegativeInfinity : Cosine(values, wrong);
        return other > own && other >= LeastCosine ? (EncodingState.OtherSide, own)
            : own >= LeastCosine ? (EncodingState.Right, own)
            : (EncodingState.Elsewhere, own);
    }

    private async Task<float[]?> QuerySideAsync(string text)
    {
        var task = new EncodingTask(vector, "", Wire.Truncation.Head, context.Lane, context.RequestId);
        try
        {
            return (await server.Texts.QueryAsync(new QueryText(text, "", Wire.Truncation.Head, ""), task, context.Remaining, context.Cancellation).ConfigureAwait(false)).Values;
        }
        catch (RpcException refused) when (refused.Code != StatusCode.DeadlineExceeded)
        {
            return null;
        }
    }

    private async Task<EncodedQuery?> DocumentSideAsync(string text, Wire.Truncation truncation)
    {
        var task = new EncodingTask(vector, "", truncation, context.Lane, context.RequestId);
        try
        {
            return (await server.Texts.DocumentsAsync([text], task, context.Remaining, context.Cancellation).ConfigureAwait(false))[0].Encoded;
        }
        catch (RpcException refused) when (refused.Code != StatusCode.DeadlineExceeded)
        {
            return null;
        }
    }
}
