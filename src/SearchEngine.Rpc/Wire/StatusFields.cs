namespace SearchEngine.Rpc.Wire;

/// <summary>The names under which a status travels, in trailers or in the headers of a trailers-only reply.</summary>
internal static class StatusFields
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Details = "grpc-status-details-bin";
}
