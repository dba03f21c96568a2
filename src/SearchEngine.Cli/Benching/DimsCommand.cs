using System.CommandLine;
using System.Globalization;
using SearchEngine.Cli.Admin;
using SearchEngine.Cli.Evaluating;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Benching;

/// <summary><c>bench dims</c>: the explorer of dimension, code, stored type and breadth.</summary>
internal static class DimsCommand
{
    private static readonly Option<string[]> Collections = new("--collection", "-c")
    {
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
        Description = "Collections of a running server; several are shown together, for example with another stored type.",
    };

    private static readonly Option<string?> Base = new("--base") { Description = "In place of a server: a file of vectors (fbin, fvecs, npy …), served by this process from a temporary folder." };
    private static readonly Option<string?> Queries = new("--query-vectors") { Description = "With --base: a file of query vectors. Unset, rows of the base are the queries." };
    private static readonly Option<StoredForm[]> Stored = Several("--stored", "With --base: stored types to compare, Float16 or Int8 (whole numbers from -128 to 127).", StoredForm.Float16);
    private static readonly Option<Wire.Metric> Metric = new("--metric") { DefaultValueFactory = _ => Wire.Metric.Cosine, Description = "With --base: how vectors are compared." };
    private static readonly JudgementOptions Judgements = new();
    private static readonly Option<uint[]> Dimensions = Several<uint>("--dimension", "Dimensions to walk with. Unset, all that the collection allows; with --base a half and a quarter as well.");
    private static readonly Option<uint[]> Rescored = Several<uint>("--rescore", "Dimensions to rescore with. Unset, the whole vector.");
    private static readonly Option<Wire.WalkCode[]> Codes = Several<Wire.WalkCode>("--code", "Codes to walk with: Auto, Int8, Bit, BitThenInt8.");
    private static readonly Option<uint[]> Breadths = Several<uint>("--breadth", "Breadths. Unset, 16 to 512.");
    private static readonly Option<uint> Count = new("--k", "-k") { DefaultValueFactory = _ => 10, Description = "Hits per search." };
    private static readonly Option<uint> QueryCount = new("--count") { DefaultValueFactory = _ => 1_000, Description = "Queries per measurement, 100 or more." };
    private static readonly Option<uint> Repeats = new("--repeats") { DefaultValueFactory = _ => 3, Description = "Measurements per point." };
    private static readonly Option<string?> Csv = new("--csv") { Description = "Also write the points to this file." };
    private static readonly Option<string?> Html = new("--html") { Description = "Also write a page with plots to this file; it needs nothing else." };

    public static Command Create()
    {
        var command = new Command(
            "dims",
            """
            For every prefix dimension, code, stored type and breadth: recall against an exact search, NDCG where there are judgements,
            latency of single searches, searches per second and core, bytes per vector. Points that no other beats in recall, latency
            and bytes at once are marked: the rest are never worth choosing. Figures are those of this machine, as busy as it is.

            Examples:
              searchengine bench dims -c docs --beir beir/docs --html dims.html
              searchengine bench dims -c docs docs-int8 --code Int8 BitThenInt8 --breadth 32 128 512
              searchengine bench dims --base base.fbin --query-vectors query.fbin --dimension 192 384 768 --csv dims.csv
            """);
        Judgements.AddTo(command);
        foreach (Option option in (Option[])[Collections, Base, Queries, Stored, Metric, Dimensions, Rescored, Codes, Breadths, Count, QueryCount, Repeats, Csv, Html])
        {
            command.Options.Add(option);
        }
        return command.With("bench dims", RunAsync);
    }

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        string[] collections = parsed.GetRequiredValue(Collections);
        Dims dims;
        if (parsed.GetValue(Base) is { } file)
        {
            if (collections.Length > 0 || Judgements.AreGiven(parsed)) throw new UsageException("--base is measured in this process: leave out --collection and judgements.");
            await using LocalServer local = await LocalServer.StartAsync(session.Form, cancel).ConfigureAwait(false);
            var sources = new List<Source>();
            foreach (StoredForm stored in parsed.GetRequiredValue(Stored).Distinct())
            {
                sources.Add(await local.LoadAsync(file, parsed.GetValue(Queries), stored, parsed.GetValue(Metric), parsed.GetRequiredValue(Dimensions), cancel).ConfigureAwait(false));
            }
            dims = await SweepAsync(local.Session, parsed, sources, cancel).ConfigureAwait(false);
        }
        else
        {
            if (collections.Length == 0) throw new UsageException("Give --collection NAME of a running server, or --base FILE.");
            await using JudgementSet? set = Judgements.AreGiven(parsed)
                ? await Judgements.FindAsync(session, collections[0], parsed, cancel).ConfigureAwait(false)
                : null;
            if (set is not null && collections.Length > 1) throw new UsageException("Judgements belong to one collection: give one --collection with them.");
            dims = await SweepAsync(session, parsed, [.. collections.Select(name => new Source(name, name, set?.Name ?? ""))], cancel).ConfigureAwait(false);
        }
        Show(session, parsed, dims);
    }

    private static void Show(Session session, ParseResult parsed, Dims dims)
    {
        if (parsed.GetValue(Csv) is { } csv) WriteAside(csv, DimsCsv.Of(dims));
        if (parsed.GetValue(Html) is { } html) WriteAside(html, DimsPage.Of(dims));
        if (session.Form == OutputForm.Json)
        {
            Console.Out.WriteLine(DimsJson.Of(dims));
        }
        else
        {
            DimsTable.Write(dims);
        }
    }

    private static async Task<Dims> SweepAsync(Session session, ParseResult parsed, IReadOnlyList<Source> sources, CancellationToken cancel)
    {
        var reports = new List<(Source Source, Wire.SweepReport Report)>();
        foreach (Source source in sources)
        {
            var request = new Wire.SweepRequest
            {
                Header = Session.Header(source.Collection),
                Judgements = source.Judgements,
                K = parsed.GetValue(Count),
                Queries = parsed.GetValue(QueryCount),
                Repeats = parsed.GetValue(Repeats),
            };
            request.WalkDimensions.Add(parsed.GetRequiredValue(Dimensions));
            request.RescoreDimensions.Add(parsed.GetRequiredValue(Rescored));
            request.WalkCodes.Add(parsed.GetRequiredValue(Codes));
            request.Breadths.Add(parsed.GetRequiredValue(Breadths));
            reports.Add((source, await LongWork.RunAsync(session, Api.Sweep, request, frame => Told(frame, session.Form), frame => frame.Report, cancel).ConfigureAwait(false)));
        }
        return Dims.Of(reports, parsed.GetValue(Count));
    }

    // Points are news as well as progress: a sweep takes minutes.
    private static Wire.Progress? Told(Wire.SweepFrame frame, OutputForm form)
    {
        if (frame.Point is { } point && form == OutputForm.Text)
        {
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {point.WalkDimension} of {point.RescoreDimension} dimensions, {point.WalkCode}, breadth {point.Breadth}: recall {point.Recall:F3}, {point.Latency.P50Micros} us"));
        }
        return frame.Progress;
    }

    private static void WriteAside(string path, string content)
    {
        string aside = path + ".tmp";
        File.WriteAllText(aside, content);
        File.Move(aside, path, overwrite: true);
    }

    private static Option<T[]> Several<T>(string name, string description, params T[] unset) =>
        new(name) { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => unset, Description = description };
}
