using SearchEngine.Collections.Filters;

namespace SearchEngine.Collections.Writes;

/// <summary>A batch that waits for the writer.</summary>
internal sealed class PendingBatch(
    IReadOnlyList<PreparedWrite?> writes, List<RefusedOperation> refused, ItemPolicy policy, AckLevel level, CompiledFilter? guard = null)
{
    /// <summary>By position; null for one that was refused already.</summary>
    public IReadOnlyList<PreparedWrite?> Writes { get; } = writes;

    /// <summary>Deletes free room: they are taken when nothing else is.</summary>
    public bool OnlyDeletes => Writes.All(static w => w is null or PreparedWrite.Delete);

    public List<RefusedOperation> Refused { get; } = refused;

    public ItemPolicy Policy { get; } = policy;

    public AckLevel Level { get; } = level;

    /// <summary>What documents have to match to be seen and to be left; null for all.</summary>
    public CompiledFilter? Guard { get; } = guard;

    public TaskCompletionSource<WriteReport> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
