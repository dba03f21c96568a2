namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>A stretch of the text buffer: either text still to be tokenized or an added token already recognised.</summary>
internal readonly record struct Piece(int Start, int Length, int TokenId)
{
    private const int Undecided = -1;

    public bool IsText => TokenId == Undecided;

    public int End => Start + Length;

    public static Piece Text(int start, int end) => new(start, end - start, Undecided);
}
