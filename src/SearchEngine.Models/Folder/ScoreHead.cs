namespace SearchEngine.Models.Folder;

/// <summary>One logit per (query, document) pair: [batch] or [batch, 1].</summary>
public sealed record ScoreHead(string Output);
