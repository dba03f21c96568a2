using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Writes;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>What happened to a collection between filling it and opening it: documents were deleted, or replaced, and the process was
/// killed.</summary>
/// <param name="Kind">Where the deletes are, or that documents were replaced.</param>
/// <param name="Pattern">Which documents.</param>
/// <param name="Share">Of the documents; replaced ones end where the live segment is full.</param>
internal sealed record OpenHistory(string Kind, string Pattern, double Share)
{
    /// <summary>In dead rows that the manifest names: the log is empty.</summary>
    public const string DeletedInFiles = "deleted-in-files";

    /// <summary>In the log, where upkeep was busy with something long: all are replayed.</summary>
    public const string DeletedInLog = "deleted-in-log";

    /// <summary>In the log, with their vectors, and as many as can be there: one more would begin a flush.</summary>
    public const string Replaced = "replaced";

    public const string Spread = "spread";

    /// <summary>One run of ids, as when all documents of one source go.</summary>
    public const string Range = "range";

    /// <summary>What is held to be worth measuring of a share.</summary>
    public static IEnumerable<OpenHistory> Of(double share) =>
    [
        new(DeletedInFiles, Spread, share),
        new(DeletedInFiles, Range, share),
        new(DeletedInLog, Spread, share),
        new(DeletedInLog, Range, share),
    ];

    public static OpenHistory FullLog { get; } = new(Replaced, Range, 1);

    public override string ToString() => Kind == Replaced ? Kind : $"{Kind} {Pattern} {Share:P0}";

    /// <summary>Documents of the history: never the first, whose vector is asked with.</summary>
    public IEnumerable<int> Rows(int rows)
    {
        int count = (int)(Share * rows);
        int from = Math.Max(1, Math.Min(rows / 4, rows - count));
        return Pattern == Range
            ? Enumerable.Range(from, Math.Min(count, rows - from))
            : Enumerable.Range(1, rows - 1).Where(row => IsChosen(row));
    }

    public static WriteOperation Delete(int row) => new WriteOperation.Delete((DocumentId)(ulong)row);

    // Multiples of the golden ratio are spread evenly, and unlike every n-th document follow no pattern of what was deleted before.
    private bool IsChosen(int row) => unchecked((ulong)row * 0x9E3779B97F4A7C15) < Share * ulong.MaxValue;
}
