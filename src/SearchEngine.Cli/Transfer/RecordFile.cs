using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Transfer;

/// <summary>A file of records, in the form that its name says.</summary>
/// <param name="Path">The file itself; of a BEIR folder its corpus.</param>
/// <param name="Count">Records in it; of JSON lines, lines.</param>
internal sealed record RecordFile(string Path, long Count)
{
    private const string BeirCorpus = "corpus.jsonl";

    /// <exception cref="InputException">There is no such file, or its form is not known.</exception>
    public static RecordFile Open(string path)
    {
        string file = Directory.Exists(path) ? System.IO.Path.Combine(path, BeirCorpus) : path;
        if (!File.Exists(file))
        {
            throw new InputException(Directory.Exists(path) ? $"{path} is a folder without {BeirCorpus}; a BEIR folder has one." : $"There is no file {path}.");
        }
        return new RecordFile(file, IsJson(file) ? CountLines(file) : VectorFile.Open(file).Rows);
    }

    /// <summary>From the beginning; each call reads the file again.</summary>
    public IEnumerable<Record> Read() => IsJson(Path) ? JsonRecords.Read(Path) : VectorFile.Open(Path).Read();

    private static bool IsJson(string file) => System.IO.Path.GetExtension(file).ToLowerInvariant() is ".jsonl" or ".ndjson" or ".json";

    private static long CountLines(string file)
    {
        const int Piece = 1 << 20;
        using FileStream stream = File.OpenRead(file);
        var piece = new byte[Piece];
        (long lines, byte last) = (0, (byte)'\n');
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            lines += piece.AsSpan(0, read).Count((byte)'\n');
            last = piece[read - 1];
        }
        return last == '\n' ? lines : lines + 1;
    }
}
