using SearchEngine.Collections;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Security;

namespace SearchEngine.Server;

/// <summary>What a search process serves, and from where.</summary>
public sealed record SearchServerOptions
{
    /// <summary>Collections, aliases, snapshots and settings. Made if missing; one process at a time opens it.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Below it snapshots can be copied to and restored from; null refuses both.</summary>
    public string? BackupDirectory { get; init; }

    /// <summary>What is the same for all collections.</summary>
    public CollectionSettings Engine { get; init; } = new();

    /// <summary>Who may call. Default: everybody who reaches the port, which has to be on loopback then.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary>Encoder processes, as in <c>http://host:7701</c>; without one, only vectors can be written and searched.</summary>
    public IReadOnlyList<Uri> Encoders { get; init; } = [];

    /// <summary>What the server tells of itself: metrics, logs, rechecks.</summary>
    public WatchOptions Watch { get; init; } = new();

    /// <summary>How long an interactive search may have to wait for its turn.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How much work may wait in a lane.</summary>
    public TimeSpan MaxQueue { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Share of a lane's queue that one caller may fill while others wait, above 0 to 1.</summary>
    public double MaxCallerShare { get; init; } = 0.5;

    /// <summary>How long cursors and resume keys live without use. Default 10 minutes.</summary>
    public TimeSpan CursorLifetime { get; init; } = TimeSpan.FromMinutes(10);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
