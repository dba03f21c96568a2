using SearchEngine.Models.Tokenizers.Patterns;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>
/// Everything one encoding needs besides the tokenizer: rented per call, so that a tokenizer is shared without locks and
/// an encoding allocates nothing once its buffers have grown.
/// </summary>
internal sealed class EncodeScratch
{
    /// <summary>Units above which buffers are not kept for the next call: one huge text must not pin memory for ever.</summary>
    private const int KeptLength = 1 << 20;

    [ThreadStatic]
    private static EncodeScratch? _spare;

    /// <summary>The caller's text before normalization.</summary>
    public TextBuffer Original { get; } = new();

    /// <summary>What the pieces refer to.</summary>
    public TextBuffer Text { get; private set; } = new();

    /// <summary>Where a step that rewrites the text writes to before <see cref="SwapText"/>.</summary>
    public TextBuffer NextText { get; private set; } = new();

    /// <summary>Intermediate results of a sequence of normalizers.</summary>
    public TextBuffer StepA { get; } = new();

    public TextBuffer StepB { get; } = new();

    /// <summary>The part of a text that one normalizer must see as a whole.</summary>
    public TextBuffer Run { get; } = new();

    public List<Piece> Pieces { get; private set; } = [];

    public List<Piece> NextPieces { get; private set; } = [];

    public List<PieceMatch> Matches { get; } = [];

    public List<ChangedCharacter> Characters { get; } = [];

    public ModelScratch Model { get; } = new();

    public BacktrackStack Backtracks { get; } = new();

    /// <summary>UTF-16 of a text that came as UTF-8.</summary>
    public char[] Transcoded { get; set; } = [];

    /// <summary>Byte offset of every UTF-16 unit of the original.</summary>
    public int[] ByteOffsets { get; set; } = [];

    public static EncodeScratch Rent(int maxTextLength)
    {
        var scratch = _spare ?? new EncodeScratch();
        _spare = null;
        scratch.Original.Reset(maxTextLength);
        scratch.Text.Reset(maxTextLength);
        scratch.NextText.Reset(maxTextLength);
        scratch.StepA.Reset(maxTextLength);
        scratch.StepB.Reset(maxTextLength);
        scratch.Run.Reset(maxTextLength);
        scratch.Pieces.Clear();
        return scratch;
    }

    public static void Return(EncodeScratch scratch)
    {
        var largest = Math.Max(
            Math.Max(scratch.Original.Capacity, Math.Max(scratch.Text.Capacity, scratch.NextText.Capacity)),
            Math.Max(scratch.StepA.Capacity, scratch.StepB.Capacity));
        if (largest <= KeptLength)
        {
            _spare = scratch;
        }
    }

    public void SwapText()
    {
        (Text, NextText) = (NextText, Text);
        NextText.Clear();
    }

    public void SwapPieces()
    {
        (Pieces, NextPieces) = (NextPieces, Pieces);
        NextPieces.Clear();
    }
}
