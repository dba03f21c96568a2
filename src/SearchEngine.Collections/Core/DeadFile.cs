using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Views;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Core;

/// <summary>The dead rows of a segment at one sequence, in a file that never changes.</summary>
internal static class DeadFile
{
    private const string Kind = "dead-rows";
    private const string Section = "bits";

    public static void Write(string path, DeadRows dead, IFileLayer files)
    {
        using var writer = new SectionFileWriter(files, path, Kind);
        writer.Add<ulong>(Section, dead.ToWords());
        writer.Finish();
    }

    public static DeadRows Read(string path, int rows, int count)
    {
        using SectionFile file = SectionFile.Open(path, Kind, SectionCheck.Everything);
        ReadOnlySpan<ulong> words = file.Section<ulong>(Section);
        if (words.Length != RowSet.WordsFor(rows))
        {
            throw StorageErrors.Damaged(path, $"it covers {64L * words.Length} rows, the segment has {rows}");
        }
        DeadRows dead = DeadRows.Of(rows, words);
        return dead.Count == count ? dead : throw StorageErrors.Damaged(path, $"it names {dead.Count} dead rows, the manifest {count}");
    }

    public static IReadOnlyList<DamageFinding> Scrub(string path, CancellationToken cancel, IScrubObserver? observer = null) =>
        SectionFile.Scrub(path, Kind, cancel, observer);
}
