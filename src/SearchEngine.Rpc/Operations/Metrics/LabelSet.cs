namespace SearchEngine.Rpc.Operations.Metrics;

/// <summary>The tags of a series as they were first seen. A recording finds its series by its own tags, without making one of these.</summary>
internal sealed class LabelSet(KeyValuePair<string, object?>[] tags)
{
    public KeyValuePair<string, object?>[] Tags { get; } = tags;
}
