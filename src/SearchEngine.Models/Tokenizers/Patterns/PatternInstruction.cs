namespace SearchEngine.Models.Tokenizers.Patterns;

/// <param name="Operation">What to do.</param>
/// <param name="A">An address, or the least count of a loop.</param>
/// <param name="B">Another address, the greatest count of a loop, or a kind.</param>
/// <param name="Set">Characters to match.</param>
internal readonly record struct PatternInstruction(PatternOperation Operation, int A = 0, int B = 0, CodePointSet? Set = null);
