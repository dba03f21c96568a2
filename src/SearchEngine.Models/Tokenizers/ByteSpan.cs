namespace SearchEngine.Models.Tokenizers;

/// <summary>A stretch of a text in UTF-8 bytes, the end excluded; both ends are character boundaries.</summary>
public readonly record struct ByteSpan(int Start, int End)
{
    public int Length => End - Start;
}
