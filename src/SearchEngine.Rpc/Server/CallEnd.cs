using System.Globalization;

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
    /// <param name="elapsed">Since the call arrived.</param>
    public static RpcException ToError(CallEnd cause, TimeSpan elapsed = default) => cause switch
    {
        CallEnd.Deadline => new RpcException(StatusCode.DeadlineExceeded, "The deadline passed before the call was done.", RpcReasons.Deadline)
            .With("elapsed_micros", ((long)elapsed.TotalMicroseconds).ToString(CultureInfo.InvariantCulture))
            .With("fix", "Allow more time, or ask for less."),
        CallEnd.Drained => Draining(),
        _ => new RpcException(StatusCode.Cancelled, "The call was cancelled by the client."),
    };

    public static RpcException Draining() =>
        new RpcException(StatusCode.Unavailable, "The server is shutting down; try another one.", RpcReasons.Draining)
            .With("fix", "Ask another server, or this one after the retry delay.")
            .RetryAfter(TimeSpan.FromSeconds(1));
}
