using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SearchEngine.Collections.Documents;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Points;
using SearchEngine.Server.Rerank;

namespace SearchEngine.Server.Evaluation.Mining;

/// <summary>Negatives of one query: by rank, without near-duplicates of relevant points and without those that the rerank model takes for relevant.</summary>
internal sealed class NegativeMiner(ServerState server, MineOrder order, CallContext context)
{
    /// <summary>Candidates whose texts and vectors are in memory, and which are scored, together.</summary>
    private const int ReadAtOnce = 32;

    /// <summary>Relevant points of a query that are used, those of the greatest grades: each makes a triplet, and every candidate is compared with all.</summary>
    private const int MostRelevant = 1_000;

    /// <summary>Tags and lengths around a text.</summary>
    private const int Framing = 32;

    private static readonly string ModelUnknown = Reasons.NameOf(Wire.ErrorReason.ModelUnknown);

    private readonly DocumentParts _parts = new() { Attributes = [], Texts = [order.TextField], Vectors = order.Vector is { } vector ? [vector] : [] };

    public ulong Duplicates { get; private set; }

    public ulong Suspects { get; private set; }

    /// <returns>One for each relevant point that has a text, made when it is asked for.</returns>
    public async IAsyncEnumerable<Wire.Triplet> MineAsync(Wire.JudgedQuery query, IReadOnlyDictionary<DocumentId, int> grades, RankedQuery ranked)
    {
        DocumentId[] relevant = [.. grades.Where(static grade => grade.Value > 0).OrderByDescending(static grade => grade.Value).Take(MostRelevant).Select(static grade => grade.Key)];
        RelevantPoint[] positives = [.. PointReads.Each(context, relevant, _parts).OfType<Document>().Select(point => new RelevantPoint(point.Id, HashOf(point), Values(point)))];
        PairScorer? scorer = query.Text.Length == 0 || positives.Length == 0 ? null : await FindScorerAsync(query.Text).ConfigureAwait(false);
        foreach (RelevantPoint point in positives)
        {
            Document? positive = PointReads.Each(context, [point.Id], _parts).Single();
            if (positive is null || TextOf(positive).Length == 0)
            {
                continue;
            }
            var triplet = new Wire.Triplet { QueryId = query.QueryId, Query = query.Text, Positive = Write(positive, ranked) };
            float? least = scorer is null ? null : order.SuspectShare * await ScoreAsync(scorer, TextOf(positive)).ConfigureAwait(false);
            await AddNegativesAsync(triplet, grades, positives, ranked, scorer, least).ConfigureAwait(false);
            yield return triplet;
        }
    }

    private async Task AddNegativesAsync(
        Wire.Triplet triplet, IReadOnlyDictionary<DocumentId, int> grades, RelevantPoint[] positives, RankedQuery ranked, PairScorer? scorer, float? suspect)
    {
        int room = context.ReplyLimit - triplet.CalculateSize() - Framing;
        IEnumerable<DocumentId> candidates = ranked.Hits.Skip(order.First - 1).Take(order.Last - order.First + 1).Select(static hit => hit.Id)
            .Where(id => grades.GetValueOrDefault(id) == 0);
        foreach (DocumentId[] some in candidates.Chunk(ReadAtOnce))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IReadOnlyDictionary<DocumentId, Document> points = PointReads.Find(context, some, _parts);
            Document[] different = [.. some.Where(points.ContainsKey).Select(id => points[id]).Where(point => TextOf(point).Length > 0 && !IsDuplicate(point, positives))];
            PairOutcome[]? scores = scorer is null || different.Length == 0
                ? null
                : await scorer.ScoreAsync([.. different.Select(TextOf)], context.Remaining, context.Cancellation).ConfigureAwait(false);
            for (int i = 0; i < different.Length; i++)
            {
                if (scores is not null && suspect is { } most && scores[i].Error is null && scores[i].Score > most)
                {
                    Suspects++;
                    continue;
                }
                Wire.TripletText negative = Write(different[i], ranked);
                room -= negative.CalculateSize() + Framing;
                if (room < 0)
                {
                    return;
                }
                triplet.Negatives.Add(negative);
                if (triplet.Negatives.Count == order.Negatives)
                {
                    return;
                }
            }
        }
    }

    private bool IsDuplicate(Document candidate, RelevantPoint[] positives)
    {
        string text = HashOf(candidate);
        ReadOnlyMemory<float>? values = Values(candidate);
        bool isDuplicate = Array.Exists(
            positives, positive => positive.TextHash == text || (positive.Values is { } left && values is { } right && Cosine(left.Span, right.Span) > order.DuplicateCosine));
        Duplicates += isDuplicate ? 1ul : 0;
        return isDuplicate;
    }

    private ReadOnlyMemory<float>? Values(Document point) => order.Vector is { } name && point.Vectors.TryGetValue(name, out ReadOnlyMemory<float> values) ? values : null;

    private async Task<PairScorer?> FindScorerAsync(string query)
    {
        RerankOrder wanted = RerankMap.Read(order.Rerank, query, ReadAtOnce, Wire.Truncation.Head, "rerank");
        try
        {
            return await PairScorer.FindAsync(server.Encoders, wanted, context, context.Cancellation).ConfigureAwait(false);
        }
        catch (RpcException none) when (order.Rerank is null && none.Reason == ModelUnknown)
        {
            return null;
        }
    }

    private async Task<float> ScoreAsync(PairScorer scorer, string text)
    {
        PairOutcome outcome = (await scorer.ScoreAsync([text], context.Remaining, context.Cancellation).ConfigureAwait(false))[0];
        return outcome.Error is { } refused ? throw refused : outcome.Score;
    }

    private Wire.TripletText Write(Document point, RankedQuery ranked)
    {
        int rank = 1;
        while (rank <= ranked.Hits.Count && ranked.Hits[rank - 1].Id != point.Id)
        {
            rank++;
        }
        bool isFound = rank <= ranked.Hits.Count;
        return new Wire.TripletText { Id = IdMap.Write(point.Id), Text = TextOf(point), Rank = isFound ? (uint)rank : 0, Score = isFound ? ranked.Hits[rank - 1].Score : 0 };
    }

    private string HashOf(Document point) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(TextOf(point).AsSpan())));

    private string TextOf(Document point) => point.Texts.GetValueOrDefault(order.TextField, "");

    private static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double dot = 0, leftSquare = 0, rightSquare = 0;
        for (int i = 0; i < left.Length; i++)
        {
            dot += (double)left[i] * right[i];
            leftSquare += (double)left[i] * left[i];
            rightSquare += (double)right[i] * right[i];
        }
        return dot / Math.Sqrt(Math.Max(double.Epsilon, leftSquare * rightSquare));
    }
}
