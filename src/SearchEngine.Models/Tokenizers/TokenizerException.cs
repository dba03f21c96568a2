namespace SearchEngine.Models.Tokenizers;

/// <summary>A tokenizer file is malformed, beyond a limit, or uses something that is not supported.</summary>
public sealed class TokenizerException : Exception
{
    public TokenizerException(string jsonPath, string message)
        : base($"{jsonPath}: {message}") => JsonPath = jsonPath;

    public TokenizerException(string jsonPath, string message, Exception inner)
        : base($"{jsonPath}: {message}", inner) => JsonPath = jsonPath;

    /// <summary>Where in the file, for example model.merges[7]; "$" for the file as a whole.</summary>
    public string JsonPath { get; }
}
