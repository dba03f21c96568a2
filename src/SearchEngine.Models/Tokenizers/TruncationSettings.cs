namespace SearchEngine.Models.Tokenizers;

/// <summary>What the file says about truncation. Reported, never applied: the caller's policy decides.</summary>
public sealed record TruncationSettings(int MaxLength, string Strategy, string Direction, int Stride);
