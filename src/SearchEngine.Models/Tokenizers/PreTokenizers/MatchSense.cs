namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>Whether a pattern describes the separators or what lies between them.</summary>
internal enum MatchSense
{
    Matches,
    Gaps,
}
