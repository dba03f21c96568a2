using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Rerank;

namespace SearchEngine.Server.Retrieval;

/// <summary>The second stage of one retrieval: rounds run ahead of the reader, who gets the newest order.</summary>
internal sealed class Reranking(RerankRun run, RankedHits hits, RetrieveOrder order, RetrieveFrames frames)
{
    /// <exception cref="RpcException">What the rerank model refused, or that it is gone.</exception>
    public async Task<RerankOutcome> RunAsync(ReplyStream<Wire.RetrieveFrame> replies, CancellationToken cancel)
    {
        using var progress = new RerankProgress();
        Task<RerankOutcome> scoring = Task.Run(() => ScoreAsync(progress, cancel), cancel);
        try
        {
            while (await progress.NextAsync(cancel).ConfigureAwait(false) is { } round)
            {
                if (frames.HasResults)
                {
                    await replies.WriteAsync(frames.Ranked(round, hits.Ranked(round.Order, round.ScoreOf), order.Rerank.ScoreKind)).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await ((Task)scoring).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return await scoring.ConfigureAwait(false);
    }

    private async Task<RerankOutcome> ScoreAsync(RerankProgress progress, CancellationToken cancel)
    {
        try
        {
            return await run.RunAsync(progress.Add, cancel).ConfigureAwait(false);
        }
        finally
        {
            progress.End();
        }
    }
}
