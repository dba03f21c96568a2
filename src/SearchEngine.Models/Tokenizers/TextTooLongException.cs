namespace SearchEngine.Models.Tokenizers;

/// <summary>A text has more tokens than are allowed and may not be cut.</summary>
public sealed class TextTooLongException(string message, int tokens, int limit) : TextRejectedException(message)
{
    /// <summary>Tokens of the text, special ones included.</summary>
    public int Tokens { get; } = tokens;

    public int Limit { get; } = limit;
}
