using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>The one place where the outcome of a handler becomes the status of its call.</summary>
internal sealed class ErrorInterceptor(ILogger log) : IInterceptor
{
    private const int IncidentDigits = 12;

    public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
    {
        ValueTask serving;
        try
        {
            serving = next(call);
            if (!serving.IsCompletedSuccessfully || call.HasLargeReply) return AwaitAsync(call, serving);
            call.Finish(call.Refusal);
        }
        catch (Exception failure)
        {
            Fail(call, failure);
        }
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitAsync(ServerCall call, ValueTask serving)
    {
        try
        {
            await serving.ConfigureAwait(false);
            if (call.HasLargeReply) await call.DeliverAsync().ConfigureAwait(false);
            call.Finish(call.Refusal);
        }
        catch (Exception failure)
        {
            Fail(call, failure);
        }
    }

    private void Fail(ServerCall call, Exception failure)
    {
        switch (failure)
        {
            case RpcException error:
                call.Finish(error);
                break;
            case InvalidProtocolBufferException malformed:
                call.Finish(FrameErrors.Malformed($"The request is not a {call.Method.Descriptor.InputType.FullName}: {malformed.Message}"));
                break;
            case OperationCanceledException or ConnectionAbortedException or ConnectionResetException or IOException or BadHttpRequestException when call.IsOver:
                // The transport ended the call and has told the client, or there is none left to tell.
                break;
            case OperationCanceledException:
                call.Finish(new RpcException(StatusCode.Cancelled, "The work was cancelled on the server.", cause: failure));
                break;
            default:
                string incident = RandomNumberGenerator.GetHexString(IncidentDigits, lowercase: true);
                RpcLog.HandlerFault(log, failure, call.Method.Path, incident);
                // What went wrong inside is for our log, not for the caller.
                call.Finish(new RpcException(
                        StatusCode.Internal, $"An internal error occurred; the server's log has the details of incident {incident}.", RpcReasons.InternalFault, failure)
                    .With("incident", incident)
                    .With("fix", "Report the incident to whoever runs the server."));
                break;
        }
    }
}
