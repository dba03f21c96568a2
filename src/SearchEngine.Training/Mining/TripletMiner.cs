using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Training.Corpus;
using SearchEngine.Training.Judging;
using SearchEngine.Training.Learning;
using SearchEngine.Training.Numerics;

namespace SearchEngine.Training.Mining;

/// <summary>
/// Hard negatives for training elsewhere: an encoder's nearest passages, those left out that a reranker scores like the positive.
/// Pairs without labels are titles and their texts.
/// </summary>
public sealed class TripletMiner
{
    private readonly IReadOnlyList<Passage> _passages;
    private readonly MiningOptions _options;
    private readonly FolderEncoder? _reranker;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    private TripletMiner(IReadOnlyList<Passage> passages, MiningOptions options, FolderEncoder? reranker)
    {
        options.Validate();
        (_passages, _options, _reranker) = (passages, options, reranker);
        for (var i = 0; i < passages.Count; i++)
            _places[passages[i].Id] = i;
    }

    /// <summary>Candidates that the reranker took for false negatives.</summary>
    private int FalseNegatives { get; set; }

    /// <param name="passages">The corpus.</param>
    /// <param name="pairs">Labelled queries; none makes pairs of titles and texts.</param>
    /// <param name="encoder">Finds the candidates.</param>
    /// <param name="reranker">Filters false negatives; null takes what the encoder finds.</param>
    /// <param name="options">Which are taken.</param>
    /// <param name="cancel">Stops between two queries.</param>
    /// <exception cref="CorpusException">A pair names no passage, or there is no pair.</exception>
    public static MiningReport Mine(
        IReadOnlyList<Passage> passages, IReadOnlyList<(string Query, string DocumentId)> pairs, EncoderModel encoder,
        EncoderModel? reranker, MiningOptions options, CancellationToken cancel = default)
    {
        using var scorer = reranker == null ? null : new FolderEncoder(reranker);
        var miner = new TripletMiner(passages, options, scorer);
        var triplets = miner.Mine(miner.Pairs(pairs), encoder, cancel);
        return new MiningReport(triplets, miner.FalseNegatives);
    }

    private List<(string Query, int Positive, bool IsTitle)> Pairs(IReadOnlyList<(string Query, string DocumentId)> labelled)
    {
        var pairs = new List<(string Query, int Positive, bool IsTitle)>();
        foreach (var (query, id) in labelled)
        {
            pairs.Add(_places.TryGetValue(id, out var place)
                ? (query, place, false)
                : throw new CorpusException($"The pair \"{query}\" names the document \"{id}\", which is not in the corpus."));
        }
        for (var i = 0; i < _passages.Count && labelled.Count == 0; i++)
        {
            if (_passages[i].Title.Length > 0 && _passages[i].Text.Length > 0)
                pairs.Add((_passages[i].Title, i, true));
        }
        return pairs.Count > 0
            ? pairs
            : throw new CorpusException("There is no pair: give labelled ones, or passages with a title and a text.");
    }

    private List<Triplet> Mine(List<(string Query, int Positive, bool IsTitle)> pairs, EncoderModel encoder, CancellationToken cancel)
    {
        using var run = new FolderEncoder(encoder);
        var documents = run.Encode([.. _passages.Select(passage => passage.Whole)], EncoderSide.Document, cancel);
        var queries = run.Encode([.. pairs.Select(pair => pair.Query)], EncoderSide.Query, cancel);
        using var index = new DocumentIndex(documents, run.Dimension, _options.Threads, new Workers(_options.Threads, cancel));
        var nearest = index.Nearest(queries, _options.Depth);
        var positives = pairs.Select(pair => (pair.Query, pair.Positive)).ToLookup(pair => pair.Query, pair => pair.Positive, StringComparer.Ordinal);
        var triplets = new List<Triplet>();
        for (var i = 0; i < pairs.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var (query, place, isTitle) = pairs[i];
            var positive = isTitle ? _passages[place] with { Title = "" } : _passages[place];
            var known = positives[query].Select(other => _passages[other].Text).ToHashSet(StringComparer.Ordinal);
            Passage[] candidates =
            [
                .. nearest[i].Select(hit => _passages[hit.Row])
                    .Where(passage => !known.Contains(passage.Text))
                    .Select(passage => isTitle ? passage with { Title = "" } : passage)
                    .Where(passage => passage.Whole.Length > 0)
                    .Skip(_options.Skip),
            ];
            Passage[] negatives = [.. Filtered(query, positive, candidates, cancel).Take(_options.Negatives)];
            if (negatives.Length > 0)
                triplets.Add(new Triplet(query, positive, negatives));
        }
        return triplets;
    }

    private IEnumerable<Passage> Filtered(string query, Passage positive, Passage[] candidates, CancellationToken cancel)
    {
        if (_reranker == null || candidates.Length == 0)
            return candidates;
        var tokens = new List<TokenSequence> { _reranker.Tokenize(positive.Whole) };
        tokens.AddRange(candidates.Select(candidate => _reranker.Tokenize(candidate.Whole)));
        var scores = _reranker.Score(_reranker.Tokenize(query), tokens, cancel);
        bool IsNegative(int candidate) => scores[candidate + 1] <= scores[0] - _options.Margin;
        FalseNegatives += Enumerable.Range(0, candidates.Length).Count(candidate => !IsNegative(candidate));
        return candidates.Where((_, candidate) => IsNegative(candidate));
    }
}
