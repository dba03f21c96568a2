namespace SearchEngine.Rpc.Server;

/// <summary>What ended a call.</summary>
internal enum CallEnd
{
    None,
    Served,
    ClientGone,
    Deadline,
    Drained,
}

internal static class CallEnds
{
    public static RpcException ToError(CallEnd cause) => cause switch
    {
        CallEnd.Deadline => new RpcException(StatusCode.DeadlineExceeded, "The deadline passed before the call was done."),
        CallEnd.Drained => Draining(),
        _ => new RpcException(StatusCode.Cancelled, "The call was cancelled by the client."),
    };

    public static RpcException Draining() =>
        new RpcException(StatusCode.Unavailable, "The server is shutting down; try another one.", RpcReasons.Draining)
            .RetryAfter(TimeSpan.FromSeconds(1));
}
