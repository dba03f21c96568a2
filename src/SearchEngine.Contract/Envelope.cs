namespace SearchEngine.Contract;

/// <summary>What every request header may say, whatever the call is about.</summary>
public static class Envelope
{
    /// <summary>The largest reply where the header states none: below the 4 MiB that most clients accept.</summary>
    public const int DefaultReplyBytes = 3_670_016;

    /// <summary>The largest reply that a header may ask for.</summary>
    public const int MaxReplyBytes = 67_108_864;

    /// <summary>Of collections and request ids.</summary>
    public const int NameBytes = 128;

    private const int TokenBytes = 256;

    /// <summary>Refuses a header that is beyond the limits of the contract, or asks for what no process serves.</summary>
    public static void Check(Wire.RequestHeader header)
    {
        TextLength.Check(header.Collection, NameBytes, "header.collection");
        TextLength.Check(header.RequestId, NameBytes, "header.request_id");
        FieldNotServed.When(header.Tenant.Length > 0, "header.tenant");
        if (header.ConsistencyToken.Length > TokenBytes)
        {
            throw Refusal.Limit("header.consistency_token", header.ConsistencyToken.Length, TokenBytes, "bytes", "Send a token as it came.");
        }
        if (header.MaxReplyBytes > MaxReplyBytes)
        {
            throw Refusal.Limit("header.max_reply_bytes", header.MaxReplyBytes, MaxReplyBytes, "bytes", "Use a streaming call for more.");
        }
    }

    /// <summary>Bytes of the largest message that the caller takes.</summary>
    public static int ReplyLimit(Wire.RequestHeader header) => header.MaxReplyBytes == 0 ? DefaultReplyBytes : (int)header.MaxReplyBytes;
}
