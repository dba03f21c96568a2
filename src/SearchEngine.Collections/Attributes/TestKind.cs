namespace SearchEngine.Collections.Attributes;

/// <summary>What a test needs of an index. The values go into hashes of filters: never renumber them within a process.</summary>
internal enum TestKind : byte
{
    /// <summary>Answered by postings and by sorted columns.</summary>
    Equality = 1,

    /// <summary>Ranges and distances: answered by sorted columns.</summary>
    Order = 2,
}
