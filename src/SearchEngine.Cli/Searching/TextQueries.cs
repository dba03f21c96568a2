namespace SearchEngine.Cli.Searching;

/// <summary>Queries made of what people type.</summary>
internal static class TextQueries
{
    /// <summary>By meaning: the server encodes the text.</summary>
    public static Wire.Query ByVector(string text, string vectorName = "") => new() { Text = new Wire.TextQuery { Text = text }, VectorName = vectorName };

    /// <summary>By its words.</summary>
    public static Wire.Query ByWords(string text) => new() { Lexical = new Wire.LexicalQuery { Text = text } };

    /// <summary>By both: every hit says what each made of it.</summary>
    public static Wire.HybridQuery ByBoth(Wire.Query vector, string words) => new()
    {
        Components = { new Wire.Component { Query = vector }, new Wire.Component { Query = ByWords(words) } },
    };
}
