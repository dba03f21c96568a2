using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>
/// Searches for which nobody waits: one that finds no room, or gives way to others, comes again later, as often as it takes a while. A call
/// with a deadline is not kept from its error.
/// </summary>
internal sealed class PatientSearch(SearchRunner runner, TimeProvider time)
{
    private const int MostAttempts = 20;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly string PredictedLate = Reasons.NameOf(Wire.ErrorReason.PredictedLate);

    public async Task<SearchAnswer> RunAsync(SearchOrder order, CallContext context)
    {
        for (int attempt = 1; ; attempt++)
        {
            bool mayRetry = attempt < MostAttempts && context.Remaining is null;
            TimeSpan delay;
            try
            {
                SearchOutcome outcome = await runner.TryRunAsync(order, context).ConfigureAwait(false);
                if (outcome.Answer is { } answer)
                {
                    return answer;
                }
                delay = mayRetry && outcome.Refusal!.RetryDelay is { } told ? told : throw outcome.Refusal!;
            }
            catch (RpcException refusal) when (mayRetry && refusal.RetryDelay is not null && refusal.Reason != PredictedLate)
            {
                // Let in, and given up for others while it waited.
                delay = refusal.RetryDelay.Value;
            }
            TimeSpan pause = attempt * delay;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, context.Cancellation).ConfigureAwait(false);
        }
    }
}
