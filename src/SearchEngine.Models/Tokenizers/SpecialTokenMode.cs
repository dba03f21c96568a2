namespace SearchEngine.Models.Tokenizers;

public enum SpecialTokenMode
{
    Add,
    Omit,
}
