namespace SearchEngine.Collections.Schema;

/// <summary>One text field: stored and returned.</summary>
public sealed record TextSchema
{
    public required string Name { get; init; }

    public bool IsRequired { get; init; }
}
