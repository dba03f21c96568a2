namespace SearchEngine.Models.Tokenizers.Patterns;

internal enum RepeatMode
{
    Greedy,
    Lazy,
    Possessive,
}
