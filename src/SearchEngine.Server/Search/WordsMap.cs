using System.Globalization;
using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Search.Admission;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Search;

/// <summary>Queries by words.</summary>
internal static class WordsMap
{
    public const string ComponentName = "lexical";

    private const int MaxFields = 64;
    private const string Path = "query.lexical";

    /// <returns>The query without count, filter and threshold, which are the search's.</returns>
    public static (Engine.TextSearchRequest Request, SearchComponent Component) Read(Wire.Query query, in SearchScope scope)
    {
        if (query.VectorName.Length > 0 || query.Origin is not null)
        {
            throw Refusal.Invalid(
                query.Origin is null ? "query.vector_name" : "query.origin", "A query by words has no vector.", "Leave it unset, or query by a vector or text.");
        }
        Wire.LexicalQuery lexical = query.Lexical;
        TextCheck.Query(lexical.Text, $"{Path}.text");
        var request = new Engine.TextSearchRequest
        {
            Query = lexical.Text,
            Fields = Fields(lexical, scope.Collection.Schema),
            Match = lexical.Match switch
            {
                Wire.WordMatch.Unspecified or Wire.WordMatch.Any => Engine.WordMatch.Any,
                Wire.WordMatch.All => Engine.WordMatch.All,
                _ => throw Refusal.Invalid($"{Path}.match", "There is no such match.", "Use a value of WordMatch.", Refusal.Number((int)lexical.Match)),
            },
        };
        return (request, new SearchComponent { Name = ComponentName, Shape = Shape(scope, request) });
    }

    /// <summary>Refuses what is said about a walk where there is none.</summary>
    public static void RefuseWalk(Wire.SearchRequest search)
    {
        if (search.Walk is not null)
        {
            throw Refusal.Invalid("walk", "A search by words, tokens or a sparse vector walks no graph.", "Leave it unset.");
        }
    }

    private static Dictionary<string, double>? Fields(Wire.LexicalQuery lexical, CollectionSchema schema)
    {
        if (lexical.Fields.Count == 0)
        {
            return schema.Texts.Any(static t => t.Index == TextIndex.Bm25)
                ? null
                : throw Refusal.Invalid(Path, "The collection has no text field with a BM25 index.", "Create a collection that declares one.");
        }
        if (lexical.Fields.Count > MaxFields)
        {
            throw Refusal.Limit($"{Path}.fields", lexical.Fields.Count, MaxFields, "fields", "Leave it unset to look in all of them.");
        }
        var fields = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int i = 0; i < lexical.Fields.Count; i++)
        {
            string path = $"{Path}.fields[{i}]", name = lexical.Fields[i].TextField;
            int at = schema.TextAt(name);
            if (at < 0)
            {
                throw Names.UnknownText(name, schema, $"{path}.text_field");
            }
            if (schema.Texts[at].Index != TextIndex.Bm25)
            {
                throw Refusal.Invalid($"{path}.text_field", $"The text field \"{name}\" has no BM25 index.", "Name one that has.", name);
            }
            if (!fields.TryAdd(name, Weight(lexical.Fields[i].Weight, $"{path}.weight")))
            {
                throw Refusal.Invalid($"{path}.text_field", $"The text field \"{name}\" is named twice.", "Name it once.", name);
            }
        }
        return fields;
    }

    /// <summary>A weight as the contract has it: 1 when unset. Written so that NaN is refused.</summary>
    public static double Weight(float weight, string path) => weight == 0 ? 1
        : weight is > 0 and <= (float)Engine.TextSearchRequest.MaxWeight ? weight
        : throw Refusal.Invalid(
            path, "A weight lies above 0 and is at most 1,000.", "Leave it unset for 1.", weight.ToString(CultureInfo.InvariantCulture), "above 0 to 1000");

    private static SearchShape Shape(in SearchScope scope, Engine.TextSearchRequest request)
    {
        try
        {
            using PinnedView view = scope.Collection.Pin();
            long postings = view.CountPostings(request);
            return new SearchShape(scope.Collection.Name, ShapeKind.Words, scope.Filter.IsEmpty ? 0 : scope.Collection.DocumentCount, 0, 0, scope.Wanted)
            {
                Postings = postings,
            };
        }
        catch (CollectionException refused) when (refused.Field == "text")
        {
            throw Refusal.Of(
                Wire.ErrorReason.LimitExceeded, $"{Path}.text", refused.What, refused.Fix, limit: $"{Engine.TextSearchRequest.MaxWords} distinct words");
        }
    }
}
