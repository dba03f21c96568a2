using System.Buffers.Binary;
using SearchEngine.Vectors.Merge;

namespace SearchEngine.Collections.Core;

/// <summary>
/// What a merge that takes long keeps of its work, in a directory of the collection, with the segments that it is of: a restart goes on with
/// it. Nothing rests on it: without it the merge begins anew. Upkeep alone uses it.
/// </summary>
internal sealed class MergeJournal(CollectionState state)
{
    private readonly List<MergeProgress> _begun = [];
    private bool _isTaken;

    /// <summary>Whether the merge that began last went on from what was kept.</summary>
    public bool HasResumed => _begun.Exists(static p => p.Resumed > 0);

    /// <summary>The segments that were being merged when the process before this one ended; null when there are none, and from the second time on.</summary>
    public DurableSegment[]? TakeUnfinished()
    {
        if (_isTaken)
        {
            return null;
        }
        _isTaken = true;
        if (Kept() is not { Length: > 0 } inputs || inputs.Length % sizeof(ulong) != 0)
        {
            return null;
        }
        ulong[] ids = [.. Enumerable.Range(0, inputs.Length / sizeof(ulong)).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(inputs.AsSpan(i * sizeof(ulong))))];
        IReadOnlyList<DurableSegment> sound = state.Sound();
        return ids.All(id => sound.Any(s => s.Id == id)) ? [.. ids.Select(id => sound.First(s => s.Id == id))] : null;
    }

    /// <returns>Where each vector of these segments keeps its progress.</returns>
    public Func<int, MergeProgress> Begin(DurableSegment[] merged)
    {
        _begun.Clear();
        var inputs = new byte[merged.Length * sizeof(ulong)];
        for (int i = 0; i < merged.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(inputs.AsSpan(i * sizeof(ulong)), merged[i].Id);
        }
        if (Kept() is not { } kept || !kept.AsSpan().SequenceEqual(inputs))
        {
            Remove();
        }
        return vector =>
        {
            var progress = new MergeProgress(DirectoryOf(vector), inputs, state.Clock)
            {
                Every = state.Settings.MergeProgress,
                HasRoom = bytes => state.Reserve.HasRoomFor(bytes, state.Settings),
                Failed = failure => state.Health.Report(CollectionHealth.Progress, failure),
                Kept = _ => state.Health.Recovered(CollectionHealth.Progress),
            };
            _begun.Add(progress);
            return progress;
        };
    }

    /// <summary>The merged segment is in force: what was kept is of no use any more.</summary>
    public void End()
    {
        state.Health.Recovered(CollectionHealth.Progress);
        Remove();
    }

    private byte[]? Kept() => state.Files.Exists(state.Paths.Merging)
        ? Enumerable.Range(0, state.Schema.Vectors.Count).Select(v => MergeProgress.InputsOf(DirectoryOf(v))).FirstOrDefault(static k => k is not null)
        : null;

    private string DirectoryOf(int vector) => Path.Combine(state.Paths.Merging, $"vector-{vector}");

    // No removal fails anybody: what stays is of no use, and found to be.
    private void Remove()
    {
        try
        {
            if (state.Files.Exists(state.Paths.Merging))
            {
                state.Files.DeleteDirectory(state.Paths.Merging);
            }
        }
        catch (Exception failure)
        {
            state.Health.Report(CollectionHealth.Removal, failure);
        }
    }
}
