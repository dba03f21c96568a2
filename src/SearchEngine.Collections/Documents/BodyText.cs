namespace SearchEngine.Collections.Documents;

/// <summary>One text of a stored body, read in place.</summary>
internal readonly ref struct BodyText(int position, bool isRemoval, ReadOnlySpan<byte> utf8)
{
    /// <summary>In the schema's texts.</summary>
    public int Position { get; } = position;

    /// <summary>In a patch: the document shall no longer have this text. Never in a body.</summary>
    public bool IsRemoval { get; } = isRemoval;

    public ReadOnlySpan<byte> Utf8 { get; } = utf8;
}
