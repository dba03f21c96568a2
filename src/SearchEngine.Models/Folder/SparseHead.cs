namespace SearchEngine.Models.Folder;

/// <summary>Weights of vocabulary entries.</summary>
public sealed record SparseHead(string Output, SparseForm Form);
