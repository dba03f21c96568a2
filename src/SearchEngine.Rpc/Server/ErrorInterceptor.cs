using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Wire;

namespace SearchEngine.Rpc.Server;

/// <summary>The one place where the outcome of a handler becomes the status of its call.</summary>
internal sealed class ErrorInterceptor(ILogger log) : IInterceptor
{
    public async ValueTask InvokeAsync(ServerCall call, CallDelegate next)
    {
        try
        {
            await next(call).ConfigureAwait(false);
            await call.DeliverAsync().ConfigureAwait(false);
            call.Finish(null);
        }
        catch (RpcException error)
        {
            call.Finish(error);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            call.Finish(FrameErrors.Malformed($"The request is not a {call.Method.Descriptor.InputType.FullName}: {malformed.Message}"));
        }
        catch (Exception gone) when (gone is OperationCanceledException or ConnectionAbortedException or ConnectionResetException or IOException or BadHttpRequestException
            && call.IsOver)
        {
            // The transport ended the call and has told the client, or there is none left to tell.
        }
        catch (OperationCanceledException cancelled)
        {
            call.Finish(new RpcException(StatusCode.Cancelled, "The work was cancelled on the server.", cause: cancelled));
        }
        catch (Exception fault)
        {
            RpcLog.HandlerFault(log, fault, call.Method.Path);
            // What went wrong inside is for our log, not for the caller.
            call.Finish(new RpcException(StatusCode.Internal, "An internal error occurred; the server's log has the details.", cause: fault));
        }
    }
}
