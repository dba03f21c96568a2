using SearchEngine.Collections;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Search;

/// <summary>Errors of searches, with the paths that fields have in a SearchRequest.</summary>
internal static class SearchErrors
{
    public static RpcException Of(CollectionException refused, CallContext context) =>
        context.Refused(new CollectionException(refused.Error, PathOf(refused.Field), refused.What, refused.Fix, refused));

    public static RpcException Deadline(TimeSpan elapsed)
    {
        string micros = Refusal.Number((long)elapsed.TotalMicroseconds);
        return Refusal.Of(
            Wire.ErrorReason.Deadline, "budget", "The time is over before the search was.",
            "Allow more time, a partial answer (budget.on_expiry) or less accuracy.", actual: $"{micros} us").With("elapsed_micros", micros);
    }

    public static RpcException ReplyTooLarge(int bytes, int limit, int hits) =>
        Refusal.Of(
            Wire.ErrorReason.MessageTooLarge, "header.max_reply_bytes", $"{hits} hits take {bytes} bytes without any content; the caller accepts {limit}.",
            "Ask for fewer hits, or read them with the streaming call.", actual: $"{bytes} bytes", limit: $"{limit} bytes")
            .With("stream", "searchengine.v1.Points/Scroll");

    private static string PathOf(string field)
    {
        const string Components = "hybrid.components[";
        int dot = field.StartsWith(Components, StringComparison.Ordinal) ? field.IndexOf("].", StringComparison.Ordinal) + 1 : 0;
        return dot == 0 ? PathOf(field, isComponent: false)
            : PathOf(field[(dot + 1)..], isComponent: true) is var own && IsOfTheSearch(own) ? own : $"{field[..dot]}.{own}";
    }

    // Said once for all components.
    private static bool IsOfTheSearch(string field) =>
        field.StartsWith("walk.", StringComparison.Ordinal) || field.StartsWith("accuracy", StringComparison.Ordinal);

    private static string PathOf(string field, bool isComponent) => field switch
    {
        "k" when isComponent => "candidates",
        "text" or "fields" => $"query.lexical.{field}",
        "query" => "query.vector",
        "multi" => "query.multi",
        "vector_name" => "query.vector_name",
        "walk_dimension" or "rescore_dimension" or "oversampling" => $"walk.{field}",
        _ when field.StartsWith("attributes", StringComparison.Ordinal) || field.StartsWith("texts", StringComparison.Ordinal)
            || field.StartsWith("vectors", StringComparison.Ordinal) => $"fields.{field}",
        _ => field,
    };
}
