namespace SearchEngine.Collections;

/// <summary>Another name of a collection.</summary>
/// <param name="Switched">When it was last pointed elsewhere.</param>
/// <param name="Previous">What it pointed to before; pointing it back there is the way to roll back.</param>
public sealed record Alias(string Name, string Collection, DateTimeOffset Switched, string? Previous);
