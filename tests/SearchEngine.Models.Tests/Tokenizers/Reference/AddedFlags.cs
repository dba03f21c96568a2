namespace SearchEngine.Models.Tests.Tokenizers.Reference;

[Flags]
internal enum AddedFlags
{
    None = 0,
    SingleWord = 1,
    StripLeft = 2,
    StripRight = 4,
    Normalized = 8,
    Special = 16,
}
