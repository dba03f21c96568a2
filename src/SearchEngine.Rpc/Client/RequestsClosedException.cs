namespace SearchEngine.Rpc.Client;

/// <summary>The server takes no more messages of a call. Its status, which only a reader sees, says why.</summary>
internal sealed class RequestsClosedException(Exception cause)
    : Exception("The server takes no more messages of this call; reading it gives the status.", cause);
