namespace SearchEngine.Benchmarks.Rpc;

/// <summary>The servers that are compared.</summary>
internal enum RpcSystem
{
    /// <summary>A bare Kestrel endpoint that reads and writes the same bytes.</summary>
    Kestrel,

    /// <summary>SearchEngine.Rpc with a handler that replies with a message made beforehand: the transport alone.</summary>
    Rpc,

    /// <summary>The same with a handler that makes its ten hits for every call.</summary>
    RpcBuildingHits,
}
