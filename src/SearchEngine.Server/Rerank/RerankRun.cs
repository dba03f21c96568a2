using SearchEngine.Rpc;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Rerank;

/// <summary>
/// One rerank: rounds of the most promising candidates first, each as large as the time allows, until all are scored, the time is over, or
/// the top is stable. After every round there is an order, so it can end at any time.
/// </summary>
/// <param name="left">Time that is left at the moment; null for ever.</param>
internal sealed class RerankRun(
    RerankOrder order, ICandidateTexts texts, IPairScorer scorer, InferenceCosts costs, Func<TimeSpan?> left, TimeProvider clock)
{
    private static readonly string Deadline = Reasons.NameOf(Wire.ErrorReason.Deadline);
    private static readonly string PredictedLate = Reasons.NameOf(Wire.ErrorReason.PredictedLate);

    private readonly RerankBoard _board = new(order.Count);
    private readonly List<RankedCandidate> _settled = [];
    private (int First, IReadOnlyList<CandidateText> Texts) _read = (0, []);
    private int _next;

    /// <summary>What is known of the candidates; of use also where the run fails in the middle.</summary>
    public RerankBoard Board => _board;

    /// <summary>How far it will come, by what pairs took lately.</summary>
    public (int Depth, int Rounds) Foresee() => RoundPolicy.Foresee(order.Depth, PredictAll() / Math.Max(1, order.Depth), left());

    /// <param name="onRound">Told after each round, on the flow that scores.</param>
    /// <exception cref="RpcException">What is wrong with the query or the encoder; and lateness, where a partial answer is none.</exception>
    public async Task<RerankOutcome> RunAsync(Action<RoundResult>? onRound, CancellationToken cancel)
    {
        RefuseIfLate();
        (int rounds, int stable, long tokens) = (0, 0, 0);
        TimeSpan time = TimeSpan.Zero;
        int[] top = [];
        RerankEnd end = RerankEnd.Complete;
        while (end == RerankEnd.Complete && _next < order.Depth)
        {
            (List<int> round, List<string> documents) = TakeRound(RoundPolicy.Next(rounds, left()));
            if (round.Count == 0)
            {
                end = _next < order.Depth ? RerankEnd.PredictedLate : RerankEnd.Complete;
                break;
            }
            long asked = clock.GetTimestamp();
            if (await TryScoreAsync(documents, cancel).ConfigureAwait(false) is not { } outcomes)
            {
                end = RerankEnd.Deadline;
                break;
            }
            time += clock.GetElapsedTime(asked);
            costs.Learn(scorer.CostName, [.. documents.Select(LengthOf)], clock.GetElapsedTime(asked).TotalMicroseconds);
            tokens += Settle(round, outcomes);
            rounds++;
            int[] ranked = _board.Order(order.MinScore);
            int[] newTop = [.. ranked.Where(i => _board[i].State == Wire.CandidateState.Scored).Take(order.Top)];
            stable = newTop.AsSpan().SequenceEqual(top) ? stable + 1 : 0;
            top = newTop;
            onRound?.Invoke(new RoundResult(rounds, [.. _settled], ranked, _board.Scores(), _board.FinalPrefix(ranked, order.ScoreKind, _next >= order.Depth)));
            _settled.Clear();
            if (order.StableRounds > 0 && stable >= order.StableRounds && _next < order.Depth)
            {
                end = RerankEnd.Stable;
            }
        }
        RerankMetrics.Ended(end, _board, rounds);
        return new RerankOutcome(_board, end, rounds, time, tokens);
    }

    // Without partial answers, what will not fit is not begun. A model that was never measured gets the benefit of the doubt.
    private void RefuseIfLate()
    {
        if (order.MayBePartial || left() is not { } rest || !costs.IsMeasured(scorer.CostName))
        {
            return;
        }
        double predicted = PredictAll();
        if (predicted > rest.TotalMicroseconds)
        {
            costs.Doubted(scorer.CostName);
            throw RerankErrors.Late((long)predicted, (long)rest.TotalMicroseconds);
        }
    }

    private double PredictAll() => Enumerable.Range(0, order.Depth).Sum(i => Predict(texts.LengthOf(i) ?? RoundPolicy.TypicalBytes));

    private double Predict(int length) => costs.Predict(scorer.CostName, order.Query.Length + length);

    private int LengthOf(string document) => order.Query.Length + document.Length;

    /// <summary>The next candidates that have a text and fit; those without one fail here. None: nothing fits, or there are no more.</summary>
    private (List<int> Round, List<string> Documents) TakeRound(RoundLimit limit)
    {
        var round = new List<int>();
        var documents = new List<string>();
        double micros = 0;
        long characters = 0;
        for (; _next < order.Depth && round.Count < limit.Pairs; _next++)
        {
            CandidateText candidate = TextOf(_next);
            if (candidate.Text is not { } text)
            {
                _board.Fail(_next, candidate.Error!);
                _settled.Add(_board[_next]);
                continue;
            }
            double predicted = Predict(text.Length);
            if (round.Count == 0 ? IsHopeless(predicted) : micros + predicted > limit.Micros || characters + text.Length > RoundPolicy.MaxCharacters)
            {
                break;
            }
            round.Add(_next);
            documents.Add(text);
            micros += predicted;
            characters += text.Length;
        }
        return (round, documents);
    }

    private bool IsHopeless(double predicted) => order.MayBePartial && left() is { } rest && predicted > rest.TotalMicroseconds * RoundPolicy.LastTry;

    private CandidateText TextOf(int index)
    {
        if (index < _read.First || index >= _read.First + _read.Texts.Count)
        {
            _read = (index, texts.Read(index, Math.Min(RerankLimits.ReadAtOnce, order.Depth - index)));
        }
        return _read.Texts[index - _read.First];
    }

    private async Task<PairOutcome[]?> TryScoreAsync(List<string> documents, CancellationToken cancel)
    {
        try
        {
            return await scorer.ScoreAsync(documents, left(), cancel).ConfigureAwait(false);
        }
        catch (RpcException late) when (order.MayBePartial && (late.Reason == Deadline || late.Reason == PredictedLate))
        {
            return null;
        }
    }

    private long Settle(List<int> round, PairOutcome[] outcomes)
    {
        long tokens = 0;
        for (int i = 0; i < round.Count; i++)
        {
            if (outcomes[i].Error is { } error)
            {
                _board.Fail(round[i], error);
            }
            else
            {
                _board.Score(round[i], outcomes[i].Score, outcomes[i].Use);
                tokens += outcomes[i].Use?.TokensUsed ?? 0;
            }
            _settled.Add(_board[round[i]]);
        }
        return tokens;
    }
}
