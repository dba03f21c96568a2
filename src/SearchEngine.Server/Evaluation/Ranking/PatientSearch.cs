using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Ranking;

/// <summary>
/// Searches for which nobody waits: one that finds no room comes again later, as often as it takes a while. A call with a deadline is not kept from
/// its error.
/// </summary>
internal sealed class PatientSearch(SearchRunner runner, TimeProvider time)
{
    private const int MostAttempts = 20;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public async Task<SearchAnswer> RunAsync(SearchOrder order, CallContext context)
    {
        for (int attempt = 1; ; attempt++)
        {
            SearchOutcome outcome = await runner.TryRunAsync(order, context).ConfigureAwait(false);
            if (outcome.Answer is { } answer)
            {
                return answer;
            }
            RpcException refusal = outcome.Refusal!;
            if (attempt == MostAttempts || refusal.RetryDelay is not { } delay || context.Remaining is not null)
            {
                throw refusal;
            }
            TimeSpan pause = attempt * delay;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, context.Cancellation).ConfigureAwait(false);
        }
    }
}
