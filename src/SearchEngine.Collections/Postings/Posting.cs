namespace SearchEngine.Collections.Postings;

/// <summary>A row and its number, while postings are being written.</summary>
internal readonly record struct Posting(uint Row, uint Value);
