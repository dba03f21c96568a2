namespace SearchEngine.Models.Tokenizers;

/// <summary>The tokenizer cannot take a text: the fault lies in the text, not in the tokenizer or the server.</summary>
public class TextRejectedException(string message) : Exception(message);
