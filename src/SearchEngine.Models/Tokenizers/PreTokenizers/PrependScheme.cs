namespace SearchEngine.Models.Tokenizers.PreTokenizers;

/// <summary>Which stretches of text get a mark put before them.</summary>
internal enum PrependScheme
{
    /// <summary>Only the one at the start of the text.</summary>
    First,
    Never,
    Always,
}
