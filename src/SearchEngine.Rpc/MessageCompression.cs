namespace SearchEngine.Rpc;

/// <summary>Whether one message, or the messages of one call, are compressed on the wire.</summary>
public enum MessageCompression
{
    /// <summary>As the call was set up.</summary>
    Inherit = 0,

    /// <summary>Sent as is.</summary>
    None = 1,

    /// <summary>gzip, when the peer accepts it; as is otherwise.</summary>
    Gzip = 2,
}
