namespace SearchEngine.Collections.Writes;

/// <summary>How a batch is written.</summary>
/// <param name="Ack">When it is acknowledged; null takes the collection's own.</param>
/// <param name="Items">What happens when one of its operations is refused.</param>
public readonly record struct WriteOptions(AckLevel? Ack = null, ItemPolicy Items = ItemPolicy.RefuseBatch);
