using System.Diagnostics;
using SearchEngine.Benchmarks.Collections;
using SearchEngine.Rpc;

namespace SearchEngine.Benchmarks.Encode;

/// <summary>
/// Queries and reranks at random moments, due whether earlier ones are answered or not, beside a stream of bulk that takes what is left.
/// The same moments and texts for every system.
/// </summary>
/// <param name="Seconds">How long.</param>
/// <param name="Queries">Per second.</param>
/// <param name="Reranks">Per second.</param>
internal sealed record MixedLoad(double Seconds, double Queries, double Reranks)
{
    public const int RerankPairs = 16;

    private const int Seed = 23;

    /// <summary>
    /// Runs the load; latencies of queries and of whole reranks in milliseconds (a refused call counts as one without end), and bulk texts
    /// per second.
    /// </summary>
    /// <param name="query">Encodes a query.</param>
    /// <param name="rerank">Scores a query with documents.</param>
    /// <param name="bulk">Encodes texts until there are no more.</param>
    public async Task<(Percentiles Queries, Percentiles Reranks, double Bulk)> RunAsync(
        Func<string, Task> query, Func<string, string[], Task> rerank, Func<IEnumerable<string>, Task> bulk)
    {
        var began = Stopwatch.GetTimestamp();
        var encoded = 0;
        var filling = Task.Run(() => bulk(Texts(began, () => encoded++)));
        var queries = Task.Run(() => OpenLoopAsync(began, Queries, Seed + 1, mix => query(mix.Between(6, 20))));
        var reranks = Task.Run(() => OpenLoopAsync(
            began, Reranks, Seed + 2,
            mix => rerank(mix.Between(6, 20), [.. Enumerable.Range(0, RerankPairs).Select(_ => mix.Between(40, 120))])));
        await Task.WhenAll(filling, queries, reranks);
        return (Percentiles.Of(await queries), Percentiles.Of(await reranks), encoded / Seconds);
    }

    private IEnumerable<string> Texts(long began, Action taken)
    {
        var mix = new TextMix(Seed);
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds)
        {
            taken();
            yield return mix.Next();
        }
    }

    private async Task<List<double>> OpenLoopAsync(long began, double perSecond, int seed, Func<TextMix, Task> send)
    {
        var mix = new TextMix(seed);
        var calls = new List<Task<double>>();
        for (var due = mix.Wait(perSecond); due < Seconds; due += mix.Wait(perSecond))
        {
            var early = due - Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (early > 0)
                await Task.Delay(TimeSpan.FromSeconds(early));
            calls.Add(TimeAsync(send(mix), began, due));
        }
        return [.. await Task.WhenAll(calls)];
    }

    /// <summary>Without end for a call that was refused: a service that refuses has no better latency for it.</summary>
    private static async Task<double> TimeAsync(Task call, long began, double due)
    {
        try
        {
            await call;
            return (Stopwatch.GetElapsedTime(began).TotalSeconds - due) * 1_000;
        }
        catch (RpcException busy) when (busy.RetryDelay is not null)
        {
            return double.MaxValue;
        }
    }
}
