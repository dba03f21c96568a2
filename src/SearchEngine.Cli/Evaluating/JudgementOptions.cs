using System.CommandLine;
using System.Globalization;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Evaluating;

/// <summary>Where judged queries come from: files, or a set that the server has.</summary>
internal sealed class JudgementOptions
{
    private readonly Option<string?> _folder = new("--beir") { Description = "BEIR folder with queries.jsonl and qrels/test.tsv, in place of the two files." };
    private readonly Option<string?> _queries = new("--queries") { Description = "JSON lines with _id and text, or lines of id, tab, text." };
    private readonly Option<string?> _judgements = new("--qrels") { Description = "Judgements: query, document, grade (BEIR), or query, 0, document, grade (TREC)." };
    private readonly Option<string?> _groups = new("--groups") { Description = "Lines of query id, tab, group, as in head and tail: groups are reported apart." };
    private readonly Option<string?> _known = new("--judgements") { Description = "A set of judgements that the server has, in place of files." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_folder, _queries, _judgements, _groups, _known])
        {
            command.Options.Add(option);
        }
    }

    public bool AreGiven(ParseResult parsed) => parsed.GetValue(_known) is not null || parsed.GetValue(_folder) is not null || parsed.GetValue(_queries) is not null;

    public async Task<JudgementSet> FindAsync(Session session, string collection, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_known) is { } name) return JudgementSet.Known(session, collection, name);
        JudgedQueries queries = Read(parsed);
        if (parsed.GetValue(_groups) is { } groups) queries = queries.InGroups(groups);
        if (queries.Unjudged > 0)
        {
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{queries.Unjudged} queries without judgements are left out.")).ConfigureAwait(false);
        }
        return await JudgementSet.OfFilesAsync(session, collection, queries, cancel).ConfigureAwait(false);
    }

    private JudgedQueries Read(ParseResult parsed) => (parsed.GetValue(_folder), parsed.GetValue(_queries), parsed.GetValue(_judgements)) switch
    {
        ({ } folder, null, null) => JudgedQueries.OfFolder(folder),
        (null, { } queries, { } judgements) => JudgedQueries.Read(queries, judgements),
        _ => throw new UsageException("Give --queries and --qrels, or --beir FOLDER, or --judgements NAME."),
    };
}
