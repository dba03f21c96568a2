using System.CommandLine;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;

namespace SearchEngine.Cli.Searching;

/// <summary><c>search</c>: one query: by the meaning of words, by the words, by a vector, or by several of these.</summary>
internal static class SearchCommand
{
    private static readonly QueryOptions Query = new();
    private static readonly Option<string?> Vector = new("--vector") { Description = "File with a JSON array of numbers, to search with instead of what words mean." };
    private static readonly Option<string?> Space = new("--space") { Description = "With --vector: the space that the vector is of, as `collection describe` shows the collection's." };
    private static readonly Option<string> Name = new("--vector-name") { DefaultValueFactory = _ => "", Description = "The vector of the collection. Default: its first." };
    private static readonly Option<bool> Exact = new("--exact") { Description = "Compare with every point." };
    private static readonly Option<uint?> Breadth = new("--breadth") { Description = "Breadth of the walk (ef)." };
    private static readonly Option<float?> Recall = new("--recall") { Description = "Target recall, such as 0.99. Default: the collection's, 0.95." };
    private static readonly Option<uint> Dimension = new("--dimension") { Description = "Walk with this prefix of the vectors; the collection has to allow it." };

    public static Command Create()
    {
        var command = new Command(
            "search",
            """
            Searches by what words mean, by the words themselves, or by a vector of your own; with --by hybrid by two of these.

            Examples:
              searchengine search "wrong street on the invoice" -c quillmere
              searchengine search "pause alarms" -c quillmere -f audience=admin -f "version>=5" -k 5
              searchengine search "E-1042 invoice" -c quillmere --by hybrid
              searchengine search --vector query.json -c films --recall 0.99 --json
            """)
        {
            Vector, Space, Name, Exact, Breadth, Recall, Dimension,
        };
        Query.AddTo(command);
        return command.With("search", RunAsync);
    }

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        Wire.CollectionConfig schema = await Query.SchemaAsync(session, parsed, cancel).ConfigureAwait(false);
        var request = new Wire.SearchRequest
        {
            Header = Query.Header(parsed),
            K = Query.Count(parsed),
            Filter = Query.Filter(parsed, schema),
            Fields = Query.Fields(parsed),
            Accuracy = AccuracyOf(parsed),
        };
        Fill(request, parsed);
        if (parsed.GetValue(Dimension) is > 0 and var prefix) request.Walk = new Wire.WalkOptions { WalkDimension = prefix };
        Wire.SearchReply reply = await session.CallAsync(Api.Search, request, cancel).ConfigureAwait(false);
        session.Show(reply, shown =>
        {
            HitTable.Write(shown.Hits, shown.ScoreKind);
            HitTable.Footer(shown.Complete, shown.IncompleteReason, shown.Plan, shown.Recall, shown.Header);
            if (shown.Fingerprint is { Space.Length: > 0 } by) Screen.Line($"  space {by.Space}");
        });
    }

    private static void Fill(Wire.SearchRequest request, ParseResult parsed)
    {
        string? text = Query.Text(parsed), file = parsed.GetValue(Vector);
        switch (Query.By(parsed), text, file)
        {
            case (SearchedBy.Vectors, { } meant, null):
                request.Query = TextQueries.ByVector(meant, parsed.GetRequiredValue(Name));
                break;
            case (SearchedBy.Vectors, null, { } vector):
                request.Query = QueryOf(vector, parsed);
                break;
            case (SearchedBy.Words, { } words, null):
                request.Query = TextQueries.ByWords(words);
                break;
            case (SearchedBy.Hybrid, { } words, _):
                request.Hybrid = TextQueries.ByBoth(file is null ? TextQueries.ByVector(words, parsed.GetRequiredValue(Name)) : QueryOf(file, parsed), words);
                break;
            case (SearchedBy.Vectors, _, _):
                throw new UsageException("Give either words or --vector FILE; both together with --by hybrid.");
            case (SearchedBy.Words, _, _):
                throw new UsageException("--by words: give the words, and no --vector.");
            default:
                throw new UsageException("--by hybrid: give the words; --vector FILE replaces what they mean.");
        }
    }

    private static Wire.Query QueryOf(string file, ParseResult parsed)
    {
        var query = new Wire.Query { VectorName = parsed.GetRequiredValue(Name), Vector = PointMap.Of(ReadVector(file)) };
        if (parsed.GetValue(Space) is { } space) query.Origin = new Wire.VectorOrigin { Space = space, Side = Wire.Side.Query };
        return query;
    }

    private static float[] ReadVector(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<float[]>(File.ReadAllText(file)) ?? [];
        }
        catch (JsonException wrong)
        {
            throw new InputException($"{file} is no JSON array of numbers: {wrong.Message}", wrong);
        }
    }

    private static Wire.Accuracy? AccuracyOf(ParseResult parsed)
    {
        (bool exact, uint? breadth, float? recall) = (parsed.GetValue(Exact), parsed.GetValue(Breadth), parsed.GetValue(Recall));
        if ((exact ? 1 : 0) + (breadth is null ? 0 : 1) + (recall is null ? 0 : 1) > 1)
        {
            throw new UsageException("--exact, --breadth and --recall are three ways to say one thing: give one.");
        }
        return exact ? new Wire.Accuracy { Exact = new Wire.Exact() }
            : breadth is { } wide ? new Wire.Accuracy { Breadth = wide }
            : recall is { } target ? new Wire.Accuracy { TargetRecall = target }
            : null;
    }
}
