using SearchEngine.Evaluation;

namespace SearchEngine.Training;

/// <summary>What a training made, and how it compares on the passages that were held out.</summary>
public sealed record TrainingReport
{
    /// <summary>Passages that pairs were made from, twins counted once.</summary>
    public required int Passages { get; init; }

    /// <summary>Pieces of the tokenizer, special ones included.</summary>
    public required int Pieces { get; init; }

    /// <summary>Texts that were longer than what is read of them.</summary>
    public required int Cut { get; init; }

    /// <summary>Steps made, and the one whose encoder was kept.</summary>
    public required int Steps { get; init; }

    public required int BestStep { get; init; }

    /// <summary>Whether the time limit ended the training: then another machine may give another model.</summary>
    public required bool RanOutOfTime { get; init; }

    /// <summary>Held-out queries: titles, each with the one passage it was taken from.</summary>
    public required int HeldOut { get; init; }

    /// <summary>Measures of each way to rank, first to last; empty where nothing was held out.</summary>
    public required IReadOnlyList<RankedBy> Rankings { get; init; }

    /// <summary>NDCG@10 of the encoder minus BM25's on the held-out queries; null where none are.</summary>
    public required Interval? AgainstBm25 { get; init; }

    /// <summary>NDCG@10 of the encoder minus that of the encoder before training.</summary>
    public required Interval? AgainstStart { get; init; }

    /// <summary>What may be said of the encoder, and no more.</summary>
    public string Verdict => AgainstBm25 switch
    {
        null => "not judged: too few passages with a title to hold any out",
        { IsPositive: true } => "better than BM25 on held-out titles",
        { IsNegative: true } => "worse than BM25 on held-out titles; use it beside BM25 or not at all",
        _ => "not distinguishable from BM25 on held-out titles",
    };
}
