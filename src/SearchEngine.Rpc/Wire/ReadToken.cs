namespace SearchEngine.Rpc.Wire;

/// <summary>
/// A cancellation token that is only made when somebody waits: most reads find their bytes at hand, and the token of a
/// server call costs a source and two registrations.
/// </summary>
internal readonly struct ReadToken(Server.ServerCall? call, CancellationToken token)
{
    /// <summary>The server call whose request is read; null on the client side.</summary>
    public Server.ServerCall? Call => call;

    public CancellationToken Token => call?.Cancellation ?? token;

    public static implicit operator ReadToken(CancellationToken token) => new(null, token);

    public static implicit operator ReadToken(Server.ServerCall call) => new(call, default);
}
