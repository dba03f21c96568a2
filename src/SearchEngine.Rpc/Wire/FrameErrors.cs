using System.Globalization;

namespace SearchEngine.Rpc.Wire;

/// <summary>The errors that reading and writing frames can end in.</summary>
internal static class FrameErrors
{
    public static RpcException TooLarge(string what, long bytes, int limit) =>
        new RpcException(StatusCode.ResourceExhausted,
                $"The {what} has {bytes} bytes or more; the limit is {limit}.", RpcReasons.MessageTooLarge)
            .With("actual_bytes", bytes.ToString(CultureInfo.InvariantCulture))
            .With("limit_bytes", limit.ToString(CultureInfo.InvariantCulture))
            .With("fix", "Send or ask for less in one message, or use the streaming form of the call.");

    public static RpcException Malformed(string message) => new(StatusCode.Internal, message, RpcReasons.MessageMalformed);

    public static RpcException NotOneMessage(string what, string came) =>
        new(StatusCode.Unimplemented, $"The call needs exactly one {what} message; {came}.", RpcReasons.MessageCount);
}
