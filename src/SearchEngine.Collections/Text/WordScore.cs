namespace SearchEngine.Collections.Text;

/// <summary>What a word of a query adds to the score of a document.</summary>
/// <param name="Field">The text field it is found in.</param>
public sealed record WordScore(string Field, string Word, double Score);
