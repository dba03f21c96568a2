namespace SearchEngine.Models.Tokenizers.Patterns;

internal enum LookKind
{
    Ahead,
    NotAhead,
    Behind,
    NotBehind,
}
