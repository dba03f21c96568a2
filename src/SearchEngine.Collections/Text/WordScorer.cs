using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Text;

/// <summary>BM25 of one word in one segment.</summary>
internal sealed class WordScorer(WordWeight weight, ITextIndex texts) : IPostingScorer
{
    public double Score(uint row, uint value) => weight.Score(value, texts.LengthOf(row));

    public double Bound(in PostingRun run) => weight.Bound(run.Upper, run.Lower);
}
