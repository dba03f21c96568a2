using SearchEngine.Collections;

namespace SearchEngine.Server.Calls;

/// <summary>Runs the work of a call: refusals of the engine become errors of the contract, and calls without a deadline get one.</summary>
internal static class Serving
{
    /// <summary>Of calls whose caller set none.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Of calls that encode texts to be stored.</summary>
    public static readonly TimeSpan EncodingDeadline = TimeSpan.FromSeconds(60);

    /// <summary>A unary call, within the caller's deadline or the server's own.</summary>
    public static ValueTask<T> UnaryAsync<T>(CallContext context, Func<CancellationToken, Task<T>> work) => UnaryAsync(context, DefaultDeadline, work);

    /// <param name="limit">The server's own deadline for this call.</param>
    public static async ValueTask<T> UnaryAsync<T>(CallContext context, TimeSpan limit, Func<CancellationToken, Task<T>> work)
    {
        if (context.Call.Remaining is not null)
        {
            return await RunAsync(context, () => work(context.Cancellation)).ConfigureAwait(false);
        }
        context.ApplyDeadline(limit);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        limited.CancelAfter(limit);
        try
        {
            return await RunAsync(context, () => work(limited.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limited.IsCancellationRequested && !context.Cancellation.IsCancellationRequested)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.Deadline, "", $"The call has no deadline of its own, and the server's, {limit.TotalSeconds} s, is over.",
                    "Set a deadline that is long enough.", limit: $"{(long)limit.TotalMicroseconds} us")
                .With("elapsed_micros", Refusal.Number((long)context.Elapsed.TotalMicroseconds));
        }
    }

    /// <summary>Work of any call.</summary>
    public static async ValueTask<T> RunAsync<T>(CallContext context, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (CollectionException refused)
        {
            throw context.Refused(refused);
        }
    }
}
