namespace SearchEngine.Rpc.Server;

/// <summary>One spare reply per thread and type: enough for calls that run to their end on one thread, and never a lock.</summary>
internal static class ReplyPool<TReply>
    where TReply : class, new()
{
    [ThreadStatic]
    private static TReply? _spare;

    public static TReply Rent()
    {
        TReply reply = _spare ?? new TReply();
        _spare = null;
        return reply;
    }

    public static void Return(object reply) => _spare = (TReply)reply;
}
