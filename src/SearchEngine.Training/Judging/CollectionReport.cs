using SearchEngine.Evaluation;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Judging;

/// <summary>
/// A model folder on a test collection, beside BM25 on the same: alone, cut to 64 elements, fused, reranked, and with documents
/// through the query's side, which must hurt where sides are real.
/// </summary>
public sealed class CollectionReport
{
    private const int Depth = 100, ShortDimension = 64;

    private readonly JudgedCollection _collection;
    private readonly Workers _workers;
    private readonly int _threads;
    private readonly List<JudgedRanking> _rankings = [];
    private double[] _bm25 = [];
    private double[]? _encoder;

    private CollectionReport(JudgedCollection collection, int threads, CancellationToken cancel) =>
        (_collection, _threads, _workers) = (collection, threads, new Workers(threads, cancel));

    /// <param name="collection">Texts, queries and judgements.</param>
    /// <param name="encoder">A model with dense vectors.</param>
    /// <param name="reranker">A model that scores pairs, or null.</param>
    /// <param name="threads">For searching; the models run on the caller's.</param>
    /// <param name="cancel">Stops between two batches.</param>
    public static IReadOnlyList<JudgedRanking> Of(
        JudgedCollection collection, EncoderModel encoder, EncoderModel? reranker, int threads, CancellationToken cancel = default)
    {
        var report = new CollectionReport(collection, threads, cancel);
        report.Judge(encoder, reranker, cancel);
        return report._rankings;
    }

    private void Judge(EncoderModel encoder, EncoderModel? reranker, CancellationToken cancel)
    {
        var index = new Bm25Index(_collection.Documents.Select(document => PlainTerms.Of(document.Whole)), Bm25Options.Default);
        var lexical = Ranked(_collection.Queries.Select(query => index.Search(PlainTerms.Of(query.Whole), Depth)
            .Select(hit => (hit.Document, (float)hit.Score)).ToArray()));
        _bm25 = Ndcg(_collection.Judge(i => lexical[i]));
        Add("BM25", lexical);
        using var run = new FolderEncoder(encoder);
        string[] texts = [.. _collection.Documents.Select(document => document.Whole)];
        var documents = run.Encode(texts, EncoderSide.Document, cancel);
        var queries = run.Encode([.. _collection.Queries.Select(query => query.Whole)], EncoderSide.Query, cancel);
        var nearest = Nearest(documents, queries, run.Dimension);
        var dense = Ranked(nearest);
        _encoder = Ndcg(_collection.Judge(i => dense[i]));
        Add("encoder", dense);
        if (encoder.Descriptor.AllowsDimension(ShortDimension) && run.Dimension > ShortDimension)
        {
            var found = Nearest(Cut(documents, run.Dimension), Cut(queries, run.Dimension), ShortDimension);
            Add($"encoder, {ShortDimension} elements", Ranked(found));
            Add($"encoder, {ShortDimension} elements, rescored by all", Ranked(Rescored(found, documents, queries, run.Dimension)));
        }
        Add("BM25 and encoder, half each", [.. dense.Select((ranking, i) => Fusion.ByScore([lexical[i], ranking], [0.5, 0.5], Depth))]);
        Add("BM25 and encoder, by rank", [.. dense.Select((ranking, i) => Fusion.ByRank([lexical[i], ranking], [1, 1], Depth))]);
        if (reranker != null)
            Add("encoder, reranked", Ranked(Reranked(reranker, nearest, texts, cancel)));
        if (encoder.Descriptor.IsAsymmetric)
        {
            var swapped = run.Encode(texts, EncoderSide.Query, cancel);
            Add("encoder, documents through the query's side", Ranked(Nearest(swapped, queries, run.Dimension)));
        }
    }

    private void Add(string name, ScoredDocument[][] rankings)
    {
        var metrics = _collection.Judge(i => rankings[i]);
        _rankings.Add(new JudgedRanking(
            RankedBy.Of(name, metrics),
            Bootstrap.Difference(Ndcg(metrics), _bm25),
            _encoder == null ? null : Bootstrap.Difference(Ndcg(metrics), _encoder)));
    }

    private static double[] Ndcg(QueryMetrics[] metrics) => [.. metrics.Select(query => query.Ndcg10)];

    private ScoredDocument[][] Ranked(IEnumerable<(int Row, float Score)[]> hits) =>
    [
        .. hits.Select(found => TrecOrder.Best(found.Select(hit => new ScoredDocument(_collection.Documents[hit.Row].Id, hit.Score)), Depth)),
    ];

    private (int Row, float Score)[][] Nearest(float[] documents, float[] queries, int dimension)
    {
        using var index = new DocumentIndex(documents, dimension, _threads, _workers);
        return index.Nearest(queries, Depth);
    }

    private static float[] Cut(float[] vectors, int dimension)
    {
        var cut = new float[vectors.Length / dimension * ShortDimension];
        for (var row = 0; row < vectors.Length / dimension; row++)
        {
            var target = cut.AsSpan(row * ShortDimension, ShortDimension);
            vectors.AsSpan(row * dimension, ShortDimension).CopyTo(target);
            EncoderForward.Normalize(target);
        }
        return cut;
    }

    private static (int Row, float Score)[][] Rescored((int Row, float Score)[][] found, float[] documents, float[] queries, int dimension) =>
    [
        .. found.Select((hits, query) => hits
            .Select(hit => (hit.Row, Lanes.Dot(queries.AsSpan(query * dimension, dimension), documents.AsSpan(hit.Row * dimension, dimension))))
            .ToArray()),
    ];

    private (int Row, float Score)[][] Reranked(
        EncoderModel reranker, (int Row, float Score)[][] nearest, string[] texts, CancellationToken cancel)
    {
        using var run = new FolderEncoder(reranker);
        var documents = texts.Select(run.Tokenize).ToArray();
        return
        [
            .. nearest.Select((hits, i) =>
            {
                var scores = run.Score(run.Tokenize(_collection.Queries[i].Whole), [.. hits.Select(hit => documents[hit.Row])], cancel);
                return hits.Select((hit, place) => (hit.Row, scores[place])).ToArray();
            }),
        ];
    }
}
