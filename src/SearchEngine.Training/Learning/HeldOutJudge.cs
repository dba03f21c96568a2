using SearchEngine.Evaluation;
using SearchEngine.Training.Corpus;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Learning;

/// <summary>Retrieves the held-out passages, among all of a sample, by what was kept from them.</summary>
internal sealed class HeldOutJudge
{
    /// <summary>Places of a ranking that are judged.</summary>
    public const int Depth = 20;

    /// <summary>Passages that the held-out ones hide among; more would cost more than the training.</summary>
    private const int MostPassages = 20_000;

    private readonly TrainingTexts _texts;
    private readonly int _threads;
    private readonly Workers _workers;
    private readonly int[] _passages;
    private readonly TokenBag[] _documents;
    private readonly TokenBag[] _queries;

    public HeldOutJudge(TrainingTexts texts, int mostPieces, int threads, Workers workers)
    {
        (_texts, _threads, _workers) = (texts, threads, workers);
        _passages = Sample(texts);
        _documents = [.. _passages.Select(i => TokenBag.Of([.. texts.TitleOf(i).Concat(texts.Passages[i].Text).Take(mostPieces)]))];
        _queries = [.. texts.HeldOut.Select(i => TokenBag.Of([.. texts.Passages[i].Title]))];
    }

    public int Queries => _queries.Length;

    /// <summary>The passages of a ranking, for those who rank in another way.</summary>
    public IReadOnlyList<int> Passages => _passages;

    /// <summary>Measures of every held-out query.</summary>
    public QueryMetrics[] Judge(EncoderParameters parameters)
    {
        if (_queries.Length == 0)
            return [];
        return JudgeRankings(Nearest(parameters, Depth).Select(hits => hits.Select(hit => (hit.Row, hit.Score))));
    }

    /// <summary>What the encoder finds for every held-out query, by place among <see cref="Passages"/>.</summary>
    public (int Row, float Score)[][] Nearest(EncoderParameters parameters, int count)
    {
        var documents = EncoderForward.Encode(parameters, _documents, Side.Document, _workers);
        using var index = new DocumentIndex(documents, parameters.Dimension, _threads, _workers);
        return index.Nearest(EncoderForward.Encode(parameters, _queries, Side.Query, _workers), count);
    }

    public TokenBag Query(int query) => _queries[query];

    public TokenBag Document(int row) => _documents[row];

    /// <summary>Measures of rankings by place among <see cref="Passages"/>, one per held-out passage.</summary>
    public QueryMetrics[] JudgeRankings(IEnumerable<IEnumerable<(int Row, float Score)>> rankings) =>
    [
        .. rankings.Select((ranking, i) => QueryMetrics.Of(
            ranking.Select(hit => new ScoredDocument(IdOf(_texts.TwinOf[_passages[hit.Row]]), hit.Score)),
            new Judgements([new(IdOf(_texts.HeldOut[i]), 1)]))),
    ];

    private static string IdOf(int passage) => passage.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The held-out passages and others, evenly spaced, one of each twin.</summary>
    private static int[] Sample(TrainingTexts texts)
    {
        int[] others = [.. texts.Learned.Where(i => !texts.IsHeldOut(i))];
        var room = Math.Min(others.Length, MostPassages - texts.HeldOut.Count);
        return [.. texts.HeldOut.Concat(Enumerable.Range(0, room).Select(i => others[(int)((long)i * others.Length / room)])).Order()];
    }
}
