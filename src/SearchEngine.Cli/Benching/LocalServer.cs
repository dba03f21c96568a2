using System.Net;
using SearchEngine.Cli.Admin;
using SearchEngine.Cli.Evaluating;
using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Server;
using SearchEngine.Server;

namespace SearchEngine.Cli.Benching;

/// <summary>A search server in this process, over a temporary folder, for files that no server has: what is measured is what would be served.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    /// <summary>Prefixes are whole groups of so many coordinates.</summary>
    private const int PrefixStep = 32;

    private readonly DirectoryInfo _folder;
    private readonly SearchServer _server;

    private LocalServer(DirectoryInfo folder, SearchServer server, OutputForm form)
    {
        _folder = folder;
        _server = server;
        Session = new Session(new Uri($"http://{server.Rpc.EndPoint}"), new RpcChannelOptions(), TimeSpan.FromMinutes(1), form);
    }

    public Session Session { get; }

    public static async Task<LocalServer> StartAsync(OutputForm form, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("searchengine-bench-");
        try
        {
            SearchServer server = await SearchServer.StartAsync(
                new SearchServerOptions { DataDirectory = folder.FullName }, new RpcServerOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }).ConfigureAwait(false);
            return new LocalServer(folder, server, form);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Makes a collection of a file, in one segment.</summary>
    /// <param name="queries">A file of query vectors; null for rows of the base.</param>
    /// <param name="dimensions">To be walked with; none for a half and a quarter as well.</param>
    public async Task<Source> LoadAsync(
        string file, string? queries, StoredForm stored, Wire.Metric metric, IReadOnlyList<uint> dimensions, CancellationToken cancel)
    {
        RecordFile records = RecordFile.Open(file);
        uint dimension = (uint)(records.Read().FirstOrDefault()?.Vectors.Values.FirstOrDefault()?.Length ?? throw new InputException($"{file} has no vectors."));
        string name = stored.ToString().ToLowerInvariant();
        var config = new Wire.CollectionConfig
        {
            Vectors =
            {
                new Wire.VectorSchema
                {
                    Dimension = dimension,
                    Metric = metric,
                    StoredType = stored == StoredForm.Int8 ? Wire.ElementType.Int8 : Wire.ElementType.Float16,
                    AllowedDimensions = { Prefixes(dimension, dimensions) },
                },
            },
        };
        Wire.CollectionConfig made = (await Session.CallAsync(
            Api.Create, new Wire.CreateCollectionRequest { Header = Session.Header(name), Config = config }, cancel).ConfigureAwait(false)).Collection.Config;
        await UploadAsync(name, records, made, cancel).ConfigureAwait(false);
        await LongWork.RunAsync(
            Session, Api.Compact, new Wire.CompactRequest { Header = Session.Header(name), Segments = 1 }, frame => frame.Progress, frame => frame.Report, cancel).ConfigureAwait(false);
        string set = queries is null ? "" : await JudgementSet.LoadVectorsAsync(Session, name, RecordFile.Open(queries).Read(), cancel).ConfigureAwait(false);
        return new Source(name, name, set);
    }

    public async ValueTask DisposeAsync()
    {
        Session.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
        _folder.Delete(recursive: true);
    }

    private async Task UploadAsync(string name, RecordFile records, Wire.CollectionConfig config, CancellationToken cancel)
    {
        var header = new Wire.UploadHeader { Header = Session.Header(name), ResumeKey = name };
        using IEnumerator<Record> all = records.Read().GetEnumerator();
        var progress = new ImportProgress(records.Count);
        try
        {
            UploadState end = await new Uploader(Session, header, new PointQueue(all, new PointMap(config)), progress.Show).RunAsync(TimeSpan.Zero, cancel).ConfigureAwait(false);
            if (end.Refused > 0) throw new InputException($"{end.Refused} vectors were refused, so nothing is measured: {end.Trouble}");
        }
        finally
        {
            progress.End();
        }
    }

    private static uint[] Prefixes(uint dimension, IReadOnlyList<uint> asked) =>
        [.. (asked.Count > 0 ? asked : [dimension / 4, dimension / 2]).Where(prefix => prefix is >= PrefixStep && prefix % PrefixStep == 0 && prefix < dimension).Distinct().Order()];
}
