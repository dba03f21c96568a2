namespace SearchEngine.Collections.Log;

/// <summary>What a record says. The values are written to files: never renumber them; 0 and those from 240 on are the log's own.</summary>
internal enum LogRecordKind : byte
{
    /// <summary>A document is written; payload <see cref="PutRecord"/>.</summary>
    Put = 1,

    /// <summary>Attributes or texts of a document are changed; payload <see cref="PatchRecord"/>.</summary>
    Patch = 2,

    /// <summary>A document is removed; payload <see cref="DeleteRecord"/>.</summary>
    Delete = 3,

    /// <summary>The schema or a setting changes; the payload is the collection's.</summary>
    Schema = 4,

    /// <summary>A point in the sequence that changes nothing; the payload is the collection's.</summary>
    Mark = 5,
}
