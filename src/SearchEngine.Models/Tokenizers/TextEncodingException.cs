namespace SearchEngine.Models.Tokenizers;

/// <summary>The text is not Unicode: a surrogate without its partner, or bytes that are not UTF-8.</summary>
public sealed class TextEncodingException(string message, int position) : TextRejectedException(message)
{
    /// <summary>Index of the first offending unit: UTF-16 unit or byte, as the text came.</summary>
    public int Position { get; } = position;
}
