using Microsoft.Extensions.Logging;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Operations.Rechecks;
using SearchEngine.Server.Search.Admission;

namespace SearchEngine.Server.Operations;

/// <summary>All that looks on while the server serves: logs, metrics, rechecks.</summary>
internal sealed class ServerWatch : IDisposable
{
    private readonly SearchMetrics _searchMetrics;
    private readonly CollectionMetrics _collectionMetrics;
    private readonly EncoderGauges _encoders;
    private readonly RecheckQueue _queue;
    private readonly Rechecker _rechecker;

    /// <exception cref="IOException">The audit log cannot be written.</exception>
    public ServerWatch(WatchOptions options, ServerState server, AdmissionDesk desk, object? scope, ILogger log)
    {
        Slow = new SlowLog(options.SlowThreshold, new RequestSummary(options.ShowTexts), server.Time, log);
        Audit = options.Audit.File is null ? null : new AuditLog(options.Audit, server.Time, log);
        Rechecks = new RecheckBook(server.Time);
        _searchMetrics = new SearchMetrics(scope, desk);
        _collectionMetrics = new CollectionMetrics(scope, server.Store, Rechecks, Audit);
        _encoders = new EncoderGauges(scope, server.Encoders);
        _queue = new RecheckQueue(options.RecheckShare, server.Settings, Rechecks, server.Time);
        _rechecker = new Rechecker(_queue, Rechecks, desk, server.Time, log);
        Search = new SearchWatch(_searchMetrics, _queue, server.Shadows, server.Traffic);
    }

    public SlowLog Slow { get; }

    /// <summary>Null where none is kept.</summary>
    public AuditLog? Audit { get; }

    public RecheckBook Rechecks { get; }

    public SearchWatch Search { get; }

    public void Dispose()
    {
        _rechecker.Dispose();
        _queue.Dispose();
        _encoders.Dispose();
        _collectionMetrics.Dispose();
        _searchMetrics.Dispose();
        Audit?.Dispose();
    }
}
