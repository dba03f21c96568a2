namespace SearchEngine.Models.Tokenizers.Unicode;

/// <summary>A character on its way through normalization; see <see cref="NormalizationAlgorithm"/> for the change.</summary>
internal readonly record struct ChangedCharacter(int CodePoint, int Change, byte Class);
