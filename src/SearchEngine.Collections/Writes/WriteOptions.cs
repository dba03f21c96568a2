using SearchEngine.Collections.Filters;

namespace SearchEngine.Collections.Writes;

/// <summary>How a batch is written.</summary>
/// <param name="Ack">When it is acknowledged; null takes the collection's own.</param>
/// <param name="Items">What happens when one of its operations is refused.</param>
/// <param name="Guard">What the writer may see and leave behind; null for everything. See <see cref="Collection.WriteAsync"/>.</param>
public readonly record struct WriteOptions(AckLevel? Ack = null, ItemPolicy Items = ItemPolicy.RefuseBatch, Filter? Guard = null);
