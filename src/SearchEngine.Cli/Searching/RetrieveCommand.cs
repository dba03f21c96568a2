using System.CommandLine;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Searching;

/// <summary><c>retrieve</c>: words in, reranked passages out, under one deadline.</summary>
internal static class RetrieveCommand
{
    private static readonly QueryOptions Query = new();
    private static readonly Option<uint> Candidates = new("--candidates") { Description = "Candidates of the first stage. Default: the server's." };
    private static readonly Option<uint> Depth = new("--rerank-depth") { Description = "Candidates that are reranked. Default: as many as the time allows." };
    private static readonly Option<bool> Off = new("--no-rerank") { Description = "Without reranking." };

    public static Command Create()
    {
        var command = new Command(
            "retrieve",
            """
            Searches and reranks under one deadline (--timeout), and says what was left out to be in time.

            Examples:
              searchengine retrieve "wrong street on the invoice" -c quillmere
              searchengine retrieve "E-1042 invoice" -c quillmere --by hybrid
              searchengine retrieve "pause alarms for everybody" -c quillmere -f audience=admin --timeout 0.2
            """)
        {
            Candidates, Depth, Off,
        };
        Query.AddTo(command);
        return command.With("retrieve", RunAsync);
    }

    private static async Task RunAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        Wire.CollectionConfig schema = await Query.SchemaAsync(session, parsed, cancel).ConfigureAwait(false);
        var request = new Wire.RetrieveRequest
        {
            Header = Query.Header(parsed),
            Text = Query.Text(parsed) ?? throw new UsageException("Say what to look for, in words."),
            K = Query.Count(parsed),
            Filter = Query.Filter(parsed, schema),
            Fields = Query.Fields(parsed),
            Candidates = parsed.GetValue(Candidates),
            Form = Wire.StreamForm.FinalOnly,
            RerankMode = parsed.GetValue(Off) ? Wire.RerankMode.Off : Wire.RerankMode.Auto,
        };
        switch (Query.By(parsed))
        {
            case SearchedBy.Words:
                request.Query = TextQueries.ByWords(request.Text);
                break;
            case SearchedBy.Hybrid:
                request.Hybrid = TextQueries.ByBoth(TextQueries.ByVector(request.Text), request.Text);
                break;
        }
        if (parsed.GetValue(Depth) is > 0 and var depth) request.Rerank = new Wire.RerankOptions { Depth = depth };
        Wire.RetrieveReply? reply = null;
        await session.ReadAsync(Api.Retrieve, request, session.Timed, frame => reply = frame.Reply ?? reply, cancel).ConfigureAwait(false);
        session.Show(reply ?? throw new InputException("The server closed the stream without a reply."), Write);
    }

    private static void Write(Wire.RetrieveReply reply)
    {
        HitTable.Write(reply.Hits, reply.ScoreKind);
        HitTable.Footer(reply.Complete, reply.IncompleteReason, reply.Plan, reply.Recall, reply.Header);
        Screen.Line($"  {reply.Candidates} candidates, {reply.Reranked} reranked");
        foreach (Wire.SkippedStage skipped in reply.Skipped)
        {
            Screen.Line($"  skipped: {skipped.Stage} ({skipped.Reason}, {skipped.Done:P0} done)");
        }
    }
}
