using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SearchEngine.Collections;
using SearchEngine.Collections.Snapshots;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Collections;

/// <summary>Takes, lists, deletes and restores snapshots.</summary>
internal sealed class SnapshotCalls(ServerState server, CollectionChanges changes)
{
    private const int MaxDirectoryBytes = 1_024;
    private const int Sha256Bytes = 32;

    public async Task<Wire.SnapshotDescription> TakeAsync(
        Collection collection, string name, string directory, IProgress<WorkProgress> progress, CancellationToken cancel)
    {
        if (directory.Length > 0)
        {
            SnapshotDescription copied = await server.Store.BackupAsync(collection.Name, directory, cancel, progress).ConfigureAwait(false);
            return Describe(copied, Path.GetRelativePath(server.Options.BackupDirectory!, directory));
        }
        // What was taken at this state already is the answer; at another state the engine refuses the name.
        SnapshotDescription? same = server.Store.Snapshots()
            .FirstOrDefault(s => s.Collection == collection.Name && s.Name == name && s.Sequence == collection.Sequence);
        return Describe(same ?? await server.Store.SnapshotAsync(collection.Name, name, cancel, progress).ConfigureAwait(false), "");
    }

    /// <summary>The collection's name and the time, where the caller names none.</summary>
    public string NameFor(string collection, string asked)
    {
        if (asked.Length == 0)
        {
            string time = server.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", System.Globalization.CultureInfo.InvariantCulture);
            return $"{collection[..Math.Min(collection.Length, Names.MaxCollectionBytes / 2)]}-{time}";
        }
        Names.Check(asked, Names.MaxCollectionBytes, "name");
        return asked;
    }

    /// <summary>A place below the backup directory.</summary>
    public string Below(string relative, string path)
    {
        if (server.Options.BackupDirectory is not { } root)
        {
            throw Refusal.NotServed(path, "Start the server with a backup directory, or leave it unset.");
        }
        TextLength.Check(relative, MaxDirectoryBytes, path);
        bool inside = !Path.IsPathRooted(relative) && !relative.Contains('\0') && !relative.Split('/', '\\').Contains("..");
        string full = Path.GetFullPath(Path.Combine(root, inside ? relative : ""));
        string below = Path.GetFullPath(root) + Path.DirectorySeparatorChar;
        return inside && full.StartsWith(below, StringComparison.Ordinal)
            ? full
            : throw Refusal.Invalid(path, "The directory is not below the backup directory.", "Send a relative path without \"..\".", relative);
    }

    public Wire.ListSnapshotsReply List(CallContext context, string? collection, Wire.ListSnapshotsRequest request)
    {
        int size = Pages.Size(request.PageSize);
        string after = Pages.KeyOf(request.PageToken);
        SnapshotDescription[] all =
        [
            .. server.Store.Snapshots().Where(s => (collection is null || s.Collection == collection) && context.Caller.MayUse(s.Collection))
                .OrderByDescending(KeyOf, StringComparer.Ordinal)
                .Where(s => after.Length == 0 || string.CompareOrdinal(KeyOf(s), after) < 0)
                .Take(size + 1),
        ];
        var reply = new Wire.ListSnapshotsReply { Header = context.ReplyHeader() };
        reply.Snapshots.Add(all.Take(size).Select(static s => Describe(s, "")));
        reply.NextPageToken = all.Length > size ? Pages.TokenOf(KeyOf(all[size - 1])) : "";
        return reply;
    }

    public void Delete(string collection, string name)
    {
        Names.Check(name, Names.MaxCollectionBytes, "name");
        server.Store.DeleteSnapshot(collection, name);
    }

    public async Task<(Collection Collection, long Bytes)> RestoreAsync(
        Wire.RestoreRequest request, IProgress<WorkProgress> progress, CancellationToken cancel)
    {
        if (request.ManifestSha256.Length is not (0 or Sha256Bytes))
        {
            throw Refusal.Invalid("manifest_sha256", "A SHA-256 has 32 bytes.", "Send it as SnapshotDescription has it, or leave it out.");
        }
        string directory = Source(request);
        string? manifest = request.ManifestSha256.IsEmpty ? null : Convert.ToHexStringLower(request.ManifestSha256.Span);
        Collection restored = await changes.RestoreAsync(request.Header.Collection, directory, manifest, progress, cancel).ConfigureAwait(false);
        return (restored, restored.Describe().Sizes.Sum(static s => s.Disk));
    }

    /// <summary>A caller with a list of collections restores snapshots of these; a directory may hold any collection's.</summary>
    public static void RequireSource(Caller caller, Wire.RestoreRequest request)
    {
        if (caller.Collections is null)
        {
            return;
        }
        if (request.SourceCase == Wire.RestoreRequest.SourceOneofCase.Directory)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.Permission, "directory", "A key with a list of collections restores no directories: they may hold any collection.",
                    "Restore a snapshot, or use a key for all collections.")
                .With("permission", "collections");
        }
        if (request.Snapshot is { } snapshot && !caller.MayUse(snapshot.Collection))
        {
            throw UnknownSnapshot(snapshot.Name, "snapshot.name");
        }
    }

    private string Source(Wire.RestoreRequest request)
    {
        switch (request.SourceCase)
        {
            case Wire.RestoreRequest.SourceOneofCase.Directory:
                return Below(request.Directory, "directory");
            case Wire.RestoreRequest.SourceOneofCase.Snapshot:
                Names.Check(request.Snapshot.Collection, Names.MaxCollectionBytes, "snapshot.collection");
                Names.Check(request.Snapshot.Name, Names.MaxCollectionBytes, "snapshot.name");
                return server.Store.Snapshots()
                    .FirstOrDefault(s => s.Collection == request.Snapshot.Collection && s.Name == request.Snapshot.Name)?.Directory
                    ?? throw UnknownSnapshot(request.Snapshot.Name, "snapshot.name");
            default:
                throw Refusal.Required("source", "Set snapshot or directory.");
        }
    }

    public static Rpc.RpcException UnknownSnapshot(string name, string path) => Refusal.Of(
            Wire.ErrorReason.SnapshotUnknown, path, $"There is no snapshot \"{Refusal.Shown(name)}\".", "Look at Collections.ListSnapshots.", actual: name)
        .With("snapshot", Refusal.Shown(name));

    // The newest first; names tell apart what was taken in one tick.
    private static string KeyOf(SnapshotDescription snapshot) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{snapshot.Taken.UtcTicks:D20}/{snapshot.Collection}/{snapshot.Name}");

    private static Wire.SnapshotDescription Describe(SnapshotDescription snapshot, string directory) => new()
    {
        Name = snapshot.Name,
        Collection = snapshot.Collection,
        Taken = Timestamp.FromDateTimeOffset(snapshot.Taken),
        SnapshotVersion = snapshot.Sequence,
        Points = (ulong)snapshot.Documents,
        DiskBytes = (ulong)snapshot.Bytes,
        ManifestSha256 = ByteString.CopyFrom(Convert.FromHexString(snapshot.ManifestSha256)),
        Directory = directory,
    };
}
