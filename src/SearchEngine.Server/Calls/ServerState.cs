using System.Reflection;
using SearchEngine.Collections;

namespace SearchEngine.Server.Calls;

/// <summary>What all services of one process share.</summary>
internal sealed class ServerState
{
    /// <summary>As in Admin.Version.</summary>
    public static string Version { get; } =
        typeof(ServerState).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public required CollectionStore Store { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Cancelled when the process ends: long operations that outlive their callers stop then.</summary>
    public CancellationToken Stopping { get; init; }
}
