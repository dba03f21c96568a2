namespace SearchEngine.Models.Tokenizers.PostProcessors;

internal enum TemplatePartKind
{
    Special,

    /// <summary>The text, or the query of a pair.</summary>
    First,

    /// <summary>The document of a pair.</summary>
    Second,
}
