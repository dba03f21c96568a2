using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Writes;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Points;

/// <summary>
/// Encodes, on the document side, the source texts of points that come without the vector. A text that is refused refuses its point; an
/// encoder that is not there, or of another space, ends the call: nothing of the batch has been written then.
/// </summary>
internal sealed class PointTexts(TextEncoder encoder)
{
    /// <summary>Whether some of the points may come without a vector that is made from their text.</summary>
    public static bool MayEncode(IReadOnlyCollection<Wire.Point> points, CollectionSchema schema) => schema.Vectors
        .Any(vector => vector.Source is not null && points.Any(point => point.Vector is null && !point.Vectors.ContainsKey(vector.Name)));

    /// <returns>How the texts that were cut were used, by place in the request.</returns>
    public async ValueTask<IReadOnlyList<Wire.EncodedText>> CompleteAsync(PointBatch batch, CallContext context, ulong first, CancellationToken cancel)
    {
        List<Wire.EncodedText>? cut = null;
        foreach (VectorSchema vector in context.Schema.Vectors)
        {
            if (vector.Source is { } source && Missing(batch, vector, source) is { Count: > 0 } missing)
            {
                cut ??= [];
                cut.AddRange(await EncodeAsync(batch, vector, source, missing, context, first, cancel).ConfigureAwait(false));
            }
        }
        return cut ?? [];
    }

    public static void WarnOfCuts(CallContext context, ulong cut, string field)
    {
        if (cut > 0)
        {
            context.Warn(Wire.WarningKind.TextTruncated, field, $"{cut} texts were cut before encoding.");
        }
    }

    private async Task<List<Wire.EncodedText>> EncodeAsync(
        PointBatch batch, VectorSchema vector, TextSource source, List<int> missing, CallContext context, ulong first, CancellationToken cancel)
    {
        var refused = new Dictionary<int, RpcException>();
        List<int> readable = [.. missing.Where(at => Check(TextOf(batch, at, source), source, refused, at))];
        var task = new EncodingTask(vector, "", (Wire.Truncation)source.Truncation, context.Lane, context.RequestId);
        TextOutcome[] outcomes = readable.Count == 0 ? [] : await encoder.DocumentsAsync(
            [.. readable.Select(at => TextOf(batch, at, source))], task, context.Remaining, cancel).ConfigureAwait(false);
        var cut = new List<Wire.EncodedText>();
        for (int i = 0; i < outcomes.Length; i++)
        {
            int at = readable[i];
            if (outcomes[i].Encoded is not { } encoded)
            {
                refused[at] = ItemErrors.Within(outcomes[i].Error!, PathOf(source));
                continue;
            }
            batch.Give(at, vector.Name, encoded.Values);
            if (encoded.IsOtherBuild && context.Warnings.TrueForAll(static w => w.Kind != Wire.WarningKind.BuildChanged))
            {
                context.Warnings.Add(EncoderErrors.OtherBuild(encoded.Fingerprint, PathOf(source)));
            }
            if (encoded.Use is { Truncated: true } use)
            {
                cut.Add(new Wire.EncodedText { Index = first + (ulong)batch.PlaceOf(at), TextField = source.Field, Use = use });
            }
        }
        batch.Refuse(refused);
        return cut;
    }

    private static List<int> Missing(PointBatch batch, VectorSchema vector, TextSource source)
    {
        var missing = new List<int>();
        for (int i = 0; i < batch.Operations.Count; i++)
        {
            Document document = ((WriteOperation.Put)batch.Operations[i]).Document;
            if (!document.Vectors.ContainsKey(vector.Name) && document.Texts.ContainsKey(source.Field))
            {
                missing.Add(i);
            }
        }
        return missing;
    }

    private static bool Check(string text, TextSource source, Dictionary<int, RpcException> refused, int at)
    {
        try
        {
            TextCheck.Document(text, PathOf(source));
            return true;
        }
        catch (RpcException wrong)
        {
            refused[at] = wrong;
            return false;
        }
    }

    private static string TextOf(PointBatch batch, int operation, TextSource source) =>
        ((WriteOperation.Put)batch.Operations[operation]).Document.Texts[source.Field];

    private static string PathOf(TextSource source) => $"texts.{source.Field}";
}
