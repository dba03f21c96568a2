using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Collections.Core;

/// <summary>
/// Refuses what would fill the disk: at a full disk not even deletes could be logged, and nothing could ever be freed again.
/// </summary>
internal sealed class DiskReserve(IFileLayer files, string directory, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);

    private long? _measured;
    private long _free;

    /// <summary>Deletes and what is being merged away may use the reserve.</summary>
    public void Check(PendingBatch batch, CollectionSettings settings)
    {
        if (settings.IsReadOnly)
        {
            throw new CollectionException(CollectionError.ReadOnly, "", "The collection is set to read only.", "Change its settings.");
        }
        if (Free() >= settings.DiskReserveBytes || batch.OnlyDeletes)
        {
            return;
        }
        throw new CollectionException(
            CollectionError.DiskReserve, "",
            $"{_free} bytes are free on the disk, and {settings.DiskReserveBytes} are reserved so that deletes stay possible.",
            "Delete documents and optimise, free disk space, or lower the reserve.");
    }

    /// <summary>Refuses upkeep that needs more room than there is; it may use half of the reserve.</summary>
    public void CheckRoomFor(long bytes, CollectionSettings settings)
    {
        if (Free() - bytes < settings.DiskReserveBytes / 2)
        {
            throw new CollectionException(
                CollectionError.DiskReserve, "", $"Writing a segment needs about {bytes} bytes, {_free} are free.",
                "Free disk space; it is tried again.");
        }
    }

    /// <summary>Whether something that can be done without may be written.</summary>
    public bool HasRoomFor(long bytes, CollectionSettings settings) => Free() - bytes >= settings.DiskReserveBytes;

    private long Free()
    {
        long now = clock.GetTimestamp();
        if (_measured is not { } measured || clock.GetElapsedTime(measured, now) > Fresh)
        {
            _free = files.FreeBytes(directory);
            _measured = now;
        }
        return _free;
    }
}
