namespace SearchEngine.Models.Tokenizers.Patterns;

/// <summary>Bounds on a pattern, so that a hostile one costs little to read and to run.</summary>
internal static class PatternLimits
{
    public const int MaxLength = 4096;
    public const int MaxNesting = 32;
    public const int MaxRepeat = 1000;
    public const int MaxInstructions = 16_384;

    /// <summary>Steps a search may take whatever the text, and for each of its UTF-16 units.</summary>
    public const long BaseSteps = 100_000;
    public const long StepsPerUnit = 500;

    /// <summary>Points to go back to that one search may hold.</summary>
    public const int MaxBacktracks = 1 << 23;
}
