using System.CommandLine;
using System.Text.Json;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;

namespace SearchEngine.Cli.Searching;

/// <summary><c>search</c>: one query, by words or by a vector.</summary>
internal static class SearchCommand
{
    private static readonly QueryOptions Query = new();
    private static readonly Option<string?> Vector = new("--vector") { Description = "File with a JSON array of numbers, to search with instead of words." };
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
            Searches by words, or by a vector of your own.

            Examples:
              searchengine search "wrong street on the invoice" -c quillmere
              searchengine search "pause alarms" -c quillmere -f audience=admin -f "version>=5" -k 5
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
            Query = QueryOf(parsed),
            K = Query.Count(parsed),
            Filter = Query.Filter(parsed, schema),
            Fields = Query.Fields(parsed),
            Accuracy = AccuracyOf(parsed),
        };
        if (parsed.GetValue(Dimension) is > 0 and var prefix) request.Walk = new Wire.WalkOptions { WalkDimension = prefix };
        Wire.SearchReply reply = await session.CallAsync(Api.Search, request, cancel).ConfigureAwait(false);
        session.Show(reply, shown =>
        {
            HitTable.Write(shown.Hits, shown.ScoreKind);
            HitTable.Footer(shown.Complete, shown.IncompleteReason, shown.Plan, shown.Recall, shown.Header);
            if (shown.Fingerprint is { Space.Length: > 0 } by) Screen.Line($"  space {by.Space}");
        });
    }

    private static Wire.Query QueryOf(ParseResult parsed)
    {
        string? text = Query.Text(parsed), file = parsed.GetValue(Vector);
        if (text is null == file is null)
        {
            throw new UsageException("Give either words or --vector FILE.");
        }
        var query = new Wire.Query { VectorName = parsed.GetRequiredValue(Name) };
        if (text is not null)
        {
            query.Text = new Wire.TextQuery { Text = text };
            return query;
        }
        query.Vector = PointMap.Of(ReadVector(file!));
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
