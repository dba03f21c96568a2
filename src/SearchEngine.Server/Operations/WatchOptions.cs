using System.Net;

namespace SearchEngine.Server.Operations;

/// <summary>What the server tells of itself.</summary>
public sealed record WatchOptions
{
    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served; null serves none.</summary>
    public IPEndPoint? Listen { get; init; }

    /// <summary>Calls that take at least so long are written to the slow log.</summary>
    public TimeSpan SlowThreshold { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether logs may show texts of queries and documents; vectors are never shown.</summary>
    public bool ShowTexts { get; init; }

    /// <summary>Share of the searches that are run again exactly in idle time, 0 to 1, where a collection states none. Default 0.001.</summary>
    public double RecheckShare { get; init; } = 0.001;

    /// <summary>Who changed what.</summary>
    public AuditOptions Audit { get; init; } = new();
}
