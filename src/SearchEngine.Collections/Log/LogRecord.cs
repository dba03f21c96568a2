namespace SearchEngine.Collections.Log;

/// <summary>
/// One change of a collection: what the log keeps and what a replica would be sent. Sequences are contiguous from 1.
/// </summary>
internal readonly record struct LogRecord(ulong Sequence, LogRecordKind Kind, ReadOnlyMemory<byte> Payload);
