namespace SearchEngine.Collections.Log;

/// <summary>The head of a record, checked.</summary>
internal readonly record struct LogRecordHead(byte Kind, ulong Sequence, int PayloadBytes, ulong PayloadChecksum)
{
    /// <summary>Bytes of the whole record.</summary>
    public int RecordBytes => LogFormat.RecordHeadBytes + LogFormat.Padded(PayloadBytes);
}
