using SearchEngine.Models.Folder;

namespace SearchEngine.Models.Inference;

/// <summary>A text with what the reference made of it.</summary>
/// <param name="Document">The document of a pair, whose query is <paramref name="Text"/>; null for a single text.</param>
/// <param name="Ids">Its tokens, template and special ones included.</param>
/// <param name="Dense">Its full vector; null for a pair.</param>
/// <param name="Score">The pair's logit; null for a single text.</param>
public sealed record GoldenText(
    string Text, string? Document, EncoderSide Side, string Task, IReadOnlyList<int> Ids, IReadOnlyList<float>? Dense, double? Score);
