using System.CommandLine;
using System.Globalization;
using SearchEngine.Cli.Output;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Admin;

/// <summary><c>snapshot</c>: the state of a collection at one moment, kept, listed, brought back.</summary>
internal static class SnapshotCommand
{
    private const double Mebibyte = 1 << 20;

    private static readonly Argument<string> Collection = new("collection") { Description = "Collection." };
    private static readonly Argument<string?> OfCollection = new("collection") { Arity = ArgumentArity.ZeroOrOne, Description = "Only of this collection." };
    private static readonly Argument<string> Snapshot = new("snapshot") { Description = "Name of the snapshot." };
    private static readonly Argument<string> Target = new("new-collection") { Description = "Name of the collection that is made of it." };
    private static readonly Option<string?> Name = new("--name") { Description = "Name of the snapshot. Default: the collection's and the time." };
    private static readonly Option<string?> Directory = new("--directory") { Description = "Copy it to this directory below the server's --backups." };

    public static Command Create() => new("snapshot", "Snapshots: create, list, restore, delete.")
    {
        new Command("create", "Takes a snapshot; writes go on meanwhile.\n\nExample:\n  searchengine snapshot create articles --name before-cleaning") { Collection, Name, Directory }.With("snapshot create", CreateAsync),
        new Command("list", "Snapshots, the newest first.\n\nExample:\n  searchengine snapshot list articles") { OfCollection }.With("snapshot list", ListAsync),
        new Command("restore", "Makes a new collection of a snapshot, every checksum verified.\n\nExample:\n  searchengine snapshot restore articles before-cleaning articles-restored") { Collection, Snapshot, Target }.With("snapshot restore", RestoreAsync),
        new Command("delete", "Deletes a snapshot.\n\nExample:\n  searchengine snapshot delete articles before-cleaning") { Collection, Snapshot }.With("snapshot delete", DeleteAsync),
    };

    private static async Task CreateAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        var request = new Wire.SnapshotRequest
        {
            Header = Session.Header(parsed.GetRequiredValue(Collection)),
            Name = parsed.GetValue(Name) ?? "",
            Directory = parsed.GetValue(Directory) ?? "",
        };
        Wire.SnapshotReport report = await LongWork.RunAsync(session, Api.Snapshot, request, frame => frame.Progress, frame => frame.Report, cancel).ConfigureAwait(false);
        session.Show(report, shown => Write([shown.Snapshot]));
    }

    private static async Task ListAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        var all = new Wire.ListSnapshotsReply();
        var request = new Wire.ListSnapshotsRequest { Header = Session.Header(parsed.GetValue(OfCollection) ?? "") };
        do
        {
            Wire.ListSnapshotsReply page = await session.CallAsync(Api.ListSnapshots, request, cancel).ConfigureAwait(false);
            all.Snapshots.Add(page.Snapshots);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        session.Show(all, shown => Write(shown.Snapshots));
    }

    private static async Task RestoreAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        var request = new Wire.RestoreRequest
        {
            Header = Session.Header(parsed.GetRequiredValue(Target)),
            Snapshot = new Wire.SnapshotName { Collection = parsed.GetRequiredValue(Collection), Name = parsed.GetRequiredValue(Snapshot) },
        };
        Wire.RestoreReport report = await LongWork.RunAsync(session, Api.Restore, request, frame => frame.Progress, frame => frame.Report, cancel).ConfigureAwait(false);
        session.Show(report, shown =>
        {
            Screen.Line(Invariant($"Restored; {shown.VerifiedBytes / Mebibyte:F1} MiB verified."));
            CollectionText.Write(shown.Collection);
        });
    }

    private static async Task DeleteAsync(Session session, ParseResult parsed, CancellationToken cancel)
    {
        var request = new Wire.DeleteSnapshotRequest { Header = Session.Header(parsed.GetRequiredValue(Collection)), Name = parsed.GetRequiredValue(Snapshot) };
        Wire.DeleteSnapshotReply reply = await session.CallAsync(Api.DeleteSnapshot, request, cancel).ConfigureAwait(false);
        session.Show(reply, _ => Screen.Line("Deleted."));
    }

    private static void Write(IEnumerable<Wire.SnapshotDescription> snapshots) => Screen.Table(
        [Column.Words("snapshot"), Column.Words("collection"), Column.Words("taken"), Column.Number("points"), Column.Number("MiB"), Column.Words("copied to")],
        snapshots.Select(snapshot => (IReadOnlyList<string>)
        [
            snapshot.Name, snapshot.Collection, snapshot.Taken?.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "",
            Invariant($"{snapshot.Points:N0}"), Invariant($"{snapshot.DiskBytes / Mebibyte:F1}"), snapshot.Directory,
        ]));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
