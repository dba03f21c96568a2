namespace SearchEngine.Models.Tokenizers.Text;

/// <summary>A stretch of a piece that a pattern matched, or the gap before, between or after matches.</summary>
internal readonly record struct PieceMatch(int Start, int End, bool IsMatch);
