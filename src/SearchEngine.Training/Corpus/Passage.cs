namespace SearchEngine.Training.Corpus;

/// <summary>A document to learn from and to retrieve.</summary>
/// <param name="Id">The caller's id.</param>
/// <param name="Title">Headline, term or name; empty where there is none.</param>
/// <param name="Text">The body.</param>
public sealed record Passage(string Id, string Title, string Text)
{
    /// <summary>What is encoded and indexed.</summary>
    public string Whole => Title.Length == 0 ? Text : Text.Length == 0 ? Title : $"{Title} {Text}";
}
