using System.CommandLine;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Admin;

/// <summary><c>collection alias</c>: names that point to collections and are switched at once.</summary>
internal static class AliasCommand
{
    private static readonly Argument<string> Alias = new("alias") { Description = "The alias." };
    private static readonly Argument<string> Collection = new("collection") { Description = "What it is to point to." };
    private static readonly Option<string?> Expected = new("--expect") { Description = "Only if it points to this collection now." };

    public static Command Create() => new("alias", "Aliases: list, set, remove.")
    {
        new Command("list", "All aliases.\n\nExample:\n  searchengine collection alias list").With("collection alias list", ListAsync),
        new Command("set", "Makes an alias, or switches it.\n\nExample:\n  searchengine collection alias set live articles-2 --expect articles-1") { Alias, Collection, Expected }.With("collection alias set", (session, parsed, cancel) =>
            SwitchAsync(session, parsed, parsed.GetRequiredValue(Collection), cancel)),
        new Command("remove", "Removes an alias; its collection stays.\n\nExample:\n  searchengine collection alias remove live") { Alias, Expected }.With("collection alias remove", (session, parsed, cancel) =>
            SwitchAsync(session, parsed, "", cancel)),
    };

    private static async Task ListAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        Wire.ListAliasesReply reply = await session.CallAsync(Api.ListAliases, new Wire.ListAliasesRequest { Header = Session.Header("") }, cancel).ConfigureAwait(false);
        session.Show(reply, shown => Write(shown.Aliases));
    }

    private static async Task SwitchAsync(Session session, ParseResult parsed, string collection, CancellationToken cancel)
    {
        var request = new Wire.SwitchAliasesRequest { Header = Session.Header("") };
        request.Actions.Add(new Wire.AliasAction
        {
            Alias = parsed.GetRequiredValue(Alias),
            Collection = collection,
            ExpectedCollection = parsed.GetValue(Expected) ?? "",
        });
        Wire.SwitchAliasesReply reply = await session.CallAsync(Api.SwitchAliases, request, cancel).ConfigureAwait(false);
        session.Show(reply, shown => Write(shown.Aliases));
    }

    private static void Write(IEnumerable<Wire.Alias> aliases) => Screen.Table(
        [Column.Words("alias"), Column.Words("collection"), Column.Words("before")],
        aliases.Select(alias => (IReadOnlyList<string>)[alias.Name, alias.Collection, alias.PreviousCollection]));
}
