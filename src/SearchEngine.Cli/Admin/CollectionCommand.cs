using System.CommandLine;
using System.Globalization;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Admin;

/// <summary><c>collection</c>: what is there, and its upkeep.</summary>
internal static class CollectionCommand
{
    private const double Mebibyte = 1 << 20;

    private static readonly Argument<string> Name = new("name") { Description = "Collection or alias." };
    private static readonly Option<bool> WithAliases = new("--with-aliases") { Description = "Also remove the aliases that point to it." };
    private static readonly Argument<string> Schema = new("schema") { Description = "File with a CollectionConfig of the contract in its JSON form; `collection describe NAME --json` shows one." };
    private static readonly Option<uint> Segments = new("--segments") { DefaultValueFactory = _ => 1, Description = "Stop at so many segments." };

    public static Command Create() => new("collection", "Collections: list, describe, create, delete, compact, alias.")
    {
        new Command("list", "All collections.\n\nExample:\n  searchengine collection list --json").With("collection list", ListAsync),
        new Command("describe", "Schema, state, health and sizes of a collection.\n\nExample:\n  searchengine collection describe articles") { Name }.With("collection describe", DescribeAsync),
        new Command("create", "Creates a collection from a schema file. `import --create` makes the schema from the data.\n\nExample:\n  searchengine collection create articles schema.json") { Name, Schema }.With("collection create", CreateAsync),
        new Command("delete", "Deletes a collection with all its points.\n\nExample:\n  searchengine collection delete articles --with-aliases") { Name, WithAliases }.With("collection delete", DeleteAsync),
        new Command("compact", "Merges segments and gives the space of deleted points back.\n\nExample:\n  searchengine collection compact articles") { Name, Segments }.With("collection compact", CompactAsync),
        AliasCommand.Create(),
    };

    private static async Task ListAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        var all = new Wire.ListCollectionsReply();
        var request = new Wire.ListCollectionsRequest { Header = Session.Header("") };
        do
        {
            Wire.ListCollectionsReply page = await session.CallAsync(Api.List, request, cancel).ConfigureAwait(false);
            all.Collections.Add(page.Collections);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        session.Show(all, shown => Screen.Table(
            [Column.Words("collection"), Column.Words("aliases"), Column.Words("state"), Column.Number("points"), Column.Number("MiB")],
            shown.Collections.Select(found => (IReadOnlyList<string>)
            [
                found.Name, string.Join(", ", found.Aliases), found.State.ToString(), Invariant($"{found.LivePoints:N0}"), Invariant($"{found.DiskBytes / Mebibyte:F1}"),
            ])));
    }

    private static async Task DescribeAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        Wire.DescribeCollectionReply reply = await session.CallAsync(
            Api.Describe, new Wire.DescribeCollectionRequest { Header = Session.Header(parsed.GetRequiredValue(Name)) }, cancel).ConfigureAwait(false);
        session.Show(reply, shown => CollectionText.Write(shown.Collection));
    }

    private static async Task CreateAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        string file = parsed.GetRequiredValue(Schema);
        var request = new Wire.CreateCollectionRequest { Header = Session.Header(parsed.GetRequiredValue(Name)) };
        try
        {
            request.Config = Wire.CollectionConfig.Parser.ParseJson(await File.ReadAllTextAsync(file, cancel).ConfigureAwait(false));
        }
        catch (Exception wrong) when (wrong is Google.Protobuf.InvalidProtocolBufferException or Google.Protobuf.InvalidJsonException)
        {
            throw new InputException($"{file} is no CollectionConfig: {wrong.Message}", wrong);
        }
        Wire.CreateCollectionReply reply = await session.CallAsync(Api.Create, request, cancel).ConfigureAwait(false);
        session.Show(reply, shown => CollectionText.Write(shown.Collection));
    }

    private static async Task DeleteAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        var request = new Wire.DeleteCollectionRequest
        {
            Header = Session.Header(parsed.GetRequiredValue(Name)),
            Aliases = parsed.GetValue(WithAliases) ? Wire.AliasPolicy.Remove : Wire.AliasPolicy.Refuse,
        };
        Wire.DeleteCollectionReply reply = await session.CallAsync(Api.DeleteCollection, request, cancel).ConfigureAwait(false);
        session.Show(reply, shown => Screen.Line(Invariant($"Deleted, with {shown.Points:N0} points.")));
    }

    private static async Task CompactAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        var request = new Wire.CompactRequest { Header = Session.Header(parsed.GetRequiredValue(Name)), Segments = parsed.GetValue(Segments) };
        Wire.CompactReport report = await LongWork.RunAsync(
            session, Api.Compact, request, frame => frame.Progress, frame => frame.Report, cancel).ConfigureAwait(false);
        session.Show(report, shown => Screen.Line(Invariant(
            $"{shown.Segments} segments; {shown.FreedBytes / Mebibyte:F1} MiB given back, {shown.DroppedRows:N0} deleted or replaced rows gone.")));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
