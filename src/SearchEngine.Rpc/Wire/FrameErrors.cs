using System.Globalization;

namespace SearchEngine.Rpc.Wire;

/// <summary>The errors that reading and writing frames can end in.</summary>
internal static class FrameErrors
{
    public static RpcException TooLarge(string what, long bytes, int limit) =>
        new RpcException(StatusCode.ResourceExhausted,
                $"The {what} has {bytes} bytes or more; the limit is {limit}.", RpcReasons.MessageTooLarge)
            .With("actual", string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"))
            .With("limit", string.Create(CultureInfo.InvariantCulture, $"{limit} bytes"))
            .With("fix", "Send or ask for less in one message, or use the streaming form of the call.");

    public static RpcException Malformed(string message) =>
        new RpcException(StatusCode.Internal, message, RpcReasons.MessageMalformed)
            .With("fix", "Encode messages with a protobuf library, from the published contract, and frame them with a gRPC library.");

    /// <param name="field">Its path.</param>
    public static RpcException NotUnicode(string field) =>
        new RpcException(StatusCode.Internal, $"The text in {field} is not UTF-8, which every protobuf string is.", RpcReasons.MessageMalformed)
            .With("field", field)
            .With("fix", "Send text as UTF-8; bytes that are no text belong into another field.");

    public static RpcException NotOneMessage(string what, string came) =>
        new RpcException(StatusCode.Unimplemented, $"The call needs exactly one {what} message; {came}.", RpcReasons.MessageCount)
            .With("fix", "Make the call in the shape that the contract declares.");
}
