namespace SearchEngine.Rpc.Client;

/// <summary>
/// The server takes no more messages of a call that is still being written. It is no status: the call's status, which says
/// why, is what reading the call ends in.
/// </summary>
public sealed class RequestsClosedException : IOException
{
    internal RequestsClosedException(Exception cause)
        : base("The server takes no more messages of this call; reading it gives the status.", cause)
    {
    }
}
