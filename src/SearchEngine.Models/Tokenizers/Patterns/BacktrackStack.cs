namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>Places a search can go back to, and the steps it may still take. Kept between calls.</summary>
internal sealed class BacktrackStack
{
    private const int InitialCount = 64;

    private Frame[] _frames = new Frame[InitialCount];

    public int Count { get; set; }

    /// <summary>Steps left for the text in work.</summary>
    public long Steps { get; set; }

    public void Push(int instruction, int position, int lowest)
    {
        if (Count == _frames.Length)
        {
            if (Count >= PatternLimits.MaxBacktracks)
            {
                throw Exhausted();
            }
            Array.Resize(ref _frames, 2 * Count);
        }
        _frames[Count++] = new(instruction, position, lowest);
    }

    public ref Frame Top => ref _frames[Count - 1];

    public static TextRejectedException Exhausted() => new(
        "A pattern of the tokenizer takes too many steps on this text; shorten the text or mend the pattern.");

    /// <param name="Instruction">Where to go on.</param>
    /// <param name="Position">From which place of the text.</param>
    /// <param name="Lowest">Greedy loops give back characters down to here; -1 for a plain choice.</param>
    internal record struct Frame(int Instruction, int Position, int Lowest);
}
