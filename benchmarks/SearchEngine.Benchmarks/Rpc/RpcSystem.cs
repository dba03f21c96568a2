namespace SearchEngine.Benchmarks.Rpc;

/// <summary>The servers that are compared.</summary>
internal enum RpcSystem
{
    /// <summary>A bare Kestrel endpoint that reads and writes the same bytes.</summary>
    Kestrel,

    /// <summary>SearchEngine.Rpc with a handler that replies with a message made beforehand: the transport alone.</summary>
    Rpc,

    /// <summary>The same with a handler that writes ten hits into a rented reply.</summary>
    RpcRentedReplies,

    /// <summary>The same with a handler that makes a new reply for every call.</summary>
    RpcNewReplies,
}
