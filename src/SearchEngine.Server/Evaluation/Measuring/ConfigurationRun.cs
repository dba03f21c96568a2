using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Ranking;

namespace SearchEngine.Server.Evaluation.Measuring;

/// <summary>All questions under one configuration.</summary>
internal sealed class ConfigurationRun(
    QueryRanker ranker, ConfigurationOrder configuration, IReadOnlyList<JudgedQuestion> questions, IReadOnlyList<Metric> metrics)
{
    /// <summary>Queries that are encoded together, and whose vectors are in memory at a time.</summary>
    private const int PreparedAtOnce = 256;

    /// <summary>What is wrong with a single query; anything else that the first one meets is wrong with the configuration.</summary>
    private static readonly string[] ReasonsOfQueries =
    [
        .. new[]
        {
            Wire.ErrorReason.TextTooLong, Wire.ErrorReason.TextEmpty, Wire.ErrorReason.TextEncoding, Wire.ErrorReason.VectorZero,
            Wire.ErrorReason.VectorRange, Wire.ErrorReason.VectorNotFinite,
        }.Select(Reasons.NameOf),
    ];

    private readonly QuestionOutcome[] _outcomes = new QuestionOutcome[questions.Count];
    private Wire.Fingerprint? _fingerprint;
    private Wire.Fingerprint? _rerankFingerprint;
    private int _done;

    /// <summary>Questions that are answered.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <param name="atOnce">Queries beside each other.</param>
    /// <exception cref="RpcException">The configuration itself is at fault, as its first query shows.</exception>
    public async Task<ConfigurationOutcome> RunAsync(int atOnce, CancellationToken cancel)
    {
        for (int first = 0; first < questions.Count; first += PreparedAtOnce)
        {
            int count = Math.Min(PreparedAtOnce, questions.Count - first);
            PreparedQuery[] prepared = await ranker.PrepareAsync([.. questions.Skip(first).Take(count).Select(static q => q.Query)]).ConfigureAwait(false);
            int alone = first == 0 ? 1 : 0;
            if (alone > 0)
            {
                await AnswerAsync(0, prepared[0], configuration.Context.Beside()).ConfigureAwait(false);
            }
            await Parallel.ForAsync(alone, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancel }, async (i, _) =>
                await AnswerAsync(first + i, prepared[i], configuration.Context.Beside()).ConfigureAwait(false)).ConfigureAwait(false);
        }
        return new ConfigurationOutcome(configuration.Name, _outcomes, _fingerprint, _rerankFingerprint);
    }

    private async Task AnswerAsync(int at, PreparedQuery query, CallContext context)
    {
        try
        {
            RankedQuery ranked = await ranker.RankAsync(query, context).ConfigureAwait(false);
            _outcomes[at] = QuestionOutcome.Of(questions[at], ranked, metrics);
            _fingerprint ??= ranked.Fingerprint;
            _rerankFingerprint ??= ranked.RerankFingerprint;
        }
        catch (RpcException refused) when (at > 0 || Array.IndexOf(ReasonsOfQueries, refused.Reason) >= 0)
        {
            _outcomes[at] = QuestionOutcome.Failed(refused, metrics);
        }
        catch (RpcException refused) when (configuration.Path.Length > 0)
        {
            throw ItemErrors.Within(refused, $"{configuration.Path}.search");
        }
        Interlocked.Increment(ref _done);
    }
}
