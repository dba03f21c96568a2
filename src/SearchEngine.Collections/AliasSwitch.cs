namespace SearchEngine.Collections;

/// <summary>What to do with one alias.</summary>
/// <param name="Collection">What it is to point to; null removes it.</param>
/// <param name="Expected">Only if it points to this collection now; null: no condition.</param>
public sealed record AliasSwitch(string Name, string? Collection, string? Expected = null);
