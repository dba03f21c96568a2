using SearchEngine.Encoder.Batching;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Tests.Batching;

/// <summary>Texts for policies: of any length, of no model.</summary>
internal static class Waiting
{
    public const int MaxTokens = 512;

    /// <summary>A millisecond to start, ten per thousand padded tokens.</summary>
    public static readonly CostModel Cost = new(1, 0.01, 0);

    public static ModelPace Pace(int batchTokens = 512) => new(Cost, batchTokens, MaxTokens);

    public static WaitingText Text(
        ModelPace pace, int tokens, LaneKind lane = LaneKind.Query, double arrived = 0, double deadline = double.PositiveInfinity,
        BatchDeterminism determinism = BatchDeterminism.Fast, ITextSink? sink = null, int place = 0) =>
        new(new BatchGroup(pace, new EncodeBatchOptions { Determinism = determinism }), lane, Sequence(tokens), sink, place)
        {
            Arrived = arrived,
            Deadline = deadline,
        };

    private static TokenSequence Sequence(int count)
    {
        var query = new TokenSequence();
        var words = string.Concat(Enumerable.Repeat("a ", count));
        Splitter.Value.Tokenize(words, query);
        return query.Count == count ? query : throw new InvalidOperationException($"{count} tokens were wanted, {query.Count} came.");
    }

    private static readonly Lazy<Tokenizer> Splitter = new(() =>
    {
        using var file = new MemoryStream();
        new WordPieceFile
        {
            Tokens = [WordPieceFile.Padding, WordPieceFile.Unknown, WordPieceFile.Start, WordPieceFile.End, WordPieceFile.Mask, "a"],
            IsUncased = true,
        }.Write(file);
        return Tokenizer.Load(new MemoryStream(file.ToArray()));
    });
}
