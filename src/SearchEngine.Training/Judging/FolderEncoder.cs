using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Training.Corpus;

namespace SearchEngine.Training.Judging;

/// <summary>Encodes and scores with a model folder as the encoder process does: whatever model it is, trained here or not.</summary>
internal sealed class FolderEncoder(EncoderModel model) : IDisposable
{
    private const int BatchTexts = 32;

    private readonly EncoderRun _run = model.CreateRun();
    private readonly EncodedBatch _results = new();

    public int Dimension => model.Descriptor.Dense!.Dimension;

    /// <summary>Vectors of texts, one behind the other; long texts are cut at the end.</summary>
    public float[] Encode(IReadOnlyList<string> texts, EncoderSide side, CancellationToken cancel = default)
    {
        TokenSequence[] tokens =
        [
            .. texts.Select(text =>
            {
                var sequence = new TokenSequence();
                model.Prepare(CleanText.Of(text), side, "", TruncationPolicy.Head, sequence);
                return sequence;
            }),
        ];
        var vectors = new float[texts.Count * Dimension];
        foreach (var batch in ByLength(tokens))
        {
            _run.Encode([.. batch.Select(i => tokens[i])], new EncodeBatchOptions { Outputs = EncoderOutputs.Dense }, _results, cancel);
            for (var i = 0; i < batch.Length; i++)
                _results.Dense(i).CopyTo(vectors.AsSpan(batch[i] * Dimension));
        }
        return vectors;
    }

    /// <summary>Pieces of a text, to be put together in pairs.</summary>
    public TokenSequence Tokenize(string text)
    {
        var tokens = new TokenSequence();
        model.Tokenizer.Tokenize(CleanText.Of(text), tokens);
        return tokens;
    }

    /// <summary>How well each document answers the query.</summary>
    public float[] Score(TokenSequence query, IReadOnlyList<TokenSequence> documents, CancellationToken cancel = default)
    {
        TokenSequence[] pairs =
        [
            .. documents.Select(document =>
            {
                var pair = new TokenSequence();
                model.PreparePair(query, document, TruncationPolicy.Head, pair);
                return pair;
            }),
        ];
        var scores = new float[pairs.Length];
        foreach (var batch in ByLength(pairs))
        {
            _run.Encode([.. batch.Select(i => pairs[i])], new EncodeBatchOptions { Outputs = EncoderOutputs.Score }, _results, cancel);
            for (var i = 0; i < batch.Length; i++)
                scores[batch[i]] = _results.Score(i);
        }
        return scores;
    }

    public void Dispose() => _run.Dispose();

    /// <summary>Texts of like length together: padding costs as much as text.</summary>
    private static IEnumerable<int[]> ByLength(TokenSequence[] tokens) =>
        Enumerable.Range(0, tokens.Length).OrderBy(i => tokens[i].Count).Chunk(BatchTexts);
}
