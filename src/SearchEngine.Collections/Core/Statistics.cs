using SearchEngine.Collections.Segments;
using SearchEngine.Collections.Views;

namespace SearchEngine.Collections.Core;

/// <summary>Sums up a collection for those who watch it.</summary>
internal static class Statistics
{
    public static CollectionStatistics Of(CollectionState state)
    {
        using ViewLease lease = state.Views.Lease();
        View view = lease.View;
        var sizes = new Dictionary<string, StorageSize>();
        long live = 0, pending = 0, dead = 0;
        foreach (ViewSource source in view.Sources)
        {
            dead += source.Dead.Count;
            live += source.Live?.CommittedBytes ?? 0;
            pending += source.Live?.PendingCount ?? 0;
            foreach (ComponentBytes bytes in source.Segment?.Bytes() ?? [])
            {
                StorageSize sum = sizes.GetValueOrDefault(bytes.Component) ?? new StorageSize(bytes.Component, 0, 0, 0);
                sizes[bytes.Component] = new StorageSize(
                    bytes.Component, sum.Disk + bytes.Disk, sum.Mapped + bytes.Mapped, sum.Resident + bytes.Resident);
            }
        }
        sizes["live"] = new StorageSize("live", 0, 0, live);
        sizes["log"] = new StorageSize("log", state.Log.TailBytes, 0, 0);
        MergeOffer? offer = MergeOffer.Best([.. state.Sound().Select(static s => s.Size)], state.Settings.Limits);
        return new CollectionStatistics
        {
            Documents = view.AliveCount,
            DeadRows = dead,
            Unindexed = pending,
            Segments = view.Sources.Count,
            Sequence = view.Sequence,
            DurableSequence = state.Durable.Sequence,
            LogBytes = state.Log.TailBytes,
            MergePaid = offer?.Paid ?? 0,
            PaidMerges = state.PaidMerges,
            ResumedMerges = state.ResumedMerges,
            Sizes = [.. sizes.Values.OrderBy(s => s.Component, StringComparer.Ordinal)],
            Failures = state.Health.Failures,
            UnknownFiles = state.Health.UnknownFiles,
            Damage = state.Health.Damage,
        };
    }
}
