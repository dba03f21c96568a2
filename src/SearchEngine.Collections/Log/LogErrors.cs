namespace SearchEngine.Collections.Log;

/// <summary>The typed errors of the log, so that each is worded once.</summary>
internal static class LogErrors
{
    public static CollectionException NotWritten(string path, Exception inner) => new(
        CollectionError.ReadOnly, "", $"{path} could not be written: {inner.Message}; nothing of the group was logged.",
        "Check the disk and try again.", inner);

    public static CollectionException Closed(string path, Exception inner) => new(
        CollectionError.ReadOnly, "", $"{path} takes no more records since a failure that could not be undone: {inner.Message}.",
        "Check the disk, then close the collection and open it again.", inner);

    public static CollectionException Trimmed(ulong sequence, Exception? inner = null) => new(
        CollectionError.CursorExpired, "", $"Log records after {sequence} are asked for, but some of them were trimmed.",
        "Start again from a snapshot.", inner);
}
