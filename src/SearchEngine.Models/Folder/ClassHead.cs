namespace SearchEngine.Models.Folder;

/// <summary>One logit per class: [batch, classes].</summary>
/// <param name="Labels">Names of the classes by index.</param>
public sealed record ClassHead(string Output, IReadOnlyList<string> Labels);
