namespace SearchEngine.Models.Tokenizers;

/// <summary>Sequences kept per thread for the tokens between two steps.</summary>
internal static class TokenScratch
{
    private const int KeptSequences = 4;

    /// <summary>Tokens above which a sequence is left to the garbage collector.</summary>
    private const int KeptTokens = 1 << 16;

    [ThreadStatic]
    private static Stack<TokenSequence>? _spare;

    public static TokenSequence Rent() => _spare?.TryPop(out var sequence) == true ? sequence : new TokenSequence();

    public static void Return(TokenSequence sequence)
    {
        _spare ??= new Stack<TokenSequence>(KeptSequences);
        if (_spare.Count < KeptSequences && sequence.Count <= KeptTokens)
        {
            _spare.Push(sequence);
        }
    }
}
