using System.Diagnostics;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Security;

namespace SearchEngine.Server.Operations;

/// <summary>Around every call, the door included: slow calls go to the slow log, writes and admin calls to the audit log.</summary>
/// <param name="audit">Null where no audit log is kept.</param>
internal sealed class RecordingInterceptor(SlowLog slow, AuditLog? audit) : IInterceptor
{
    public ValueTask InvokeAsync(ServerCall call, CallDelegate next)
    {
        var record = new CallRecord();
        call.Notes = record;
        long began = Stopwatch.GetTimestamp();
        ValueTask serving;
        try
        {
            serving = next(call);
        }
        catch (Exception failure)
        {
            Ended(call, record, began, failure);
            throw;
        }
        if (!serving.IsCompletedSuccessfully)
        {
            return FollowAsync(call, record, began, serving);
        }
        Ended(call, record, began, call.Refusal);
        return ValueTask.CompletedTask;
    }

    private async ValueTask FollowAsync(ServerCall call, CallRecord record, long began, ValueTask serving)
    {
        try
        {
            await serving.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Ended(call, record, began, failure);
            throw;
        }
        Ended(call, record, began, call.Refusal);
    }

    private void Ended(ServerCall call, CallRecord record, long began, Exception? failure)
    {
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        if (took >= slow.Threshold && IsPacedByTheServer(call.Method))
        {
            slow.Add(call, record, took, CodeOf(failure));
        }
        // Nobody whom the server knows: counted among calls, but kept out, or anyone could push out what the log is for.
        bool isStranger = failure is RpcException { Code: StatusCode.Unauthenticated };
        if (audit is not null && !isStranger && MethodPermissions.IsAudited(call.Method.Descriptor))
        {
            bool isAdmin = MethodPermissions.Of(call.Method.Descriptor) == Permissions.Admin;
            audit.Write(call, record, failure, isAdmin ? AuditDurability.OnDisk : AuditDurability.Soon);
        }
    }

    // A stream of requests lasts as long as its client likes, and so does a log that is followed.
    private static bool IsPacedByTheServer(ServerMethod method) =>
        !method.Descriptor.IsClientStreaming && !(method.Descriptor.IsServerStreaming && method.Descriptor.Service.Name == "Admin");

    private static StatusCode CodeOf(Exception? failure) => failure switch
    {
        null => StatusCode.Ok,
        RpcException refused => refused.Code,
        OperationCanceledException => StatusCode.Cancelled,
        _ => StatusCode.Internal,
    };
}
