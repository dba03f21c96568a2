using System.Runtime.InteropServices;
using System.Text;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Text;

/// <summary>
/// Writes the `words` file of a segment, one field after the other: its texts are made words again, and its postings are held
/// until they are
/// written. A schema without indexed fields has no such file.
/// </summary>
internal static class WordFileWriter
{
    /// <param name="bodies">Called for the rows in ascending order, once per field.</param>
    public static void Write(
        IFileLayer files, string directory, CollectionSchema schema, int rows, BodyReader bodies, CancellationToken cancel)
    {
        if (schema.Texts.All(static t => t.Index == TextIndex.None))
        {
            return;
        }
        using var writer = new SectionFileWriter(files, Path.Combine(directory, WordSections.FileName), WordSections.Kind);
        for (int position = 0; position < schema.Texts.Count; position++)
        {
            if (schema.Texts[position].Index != TextIndex.None)
            {
                Write(writer, position, rows, bodies, cancel);
            }
        }
        writer.Finish();
    }

    private static void Write(SectionFileWriter writer, int position, int rows, BodyReader bodies, CancellationToken cancel)
    {
        var terms = new Dictionary<string, List<(uint Row, uint Frequency)>>(StringComparer.Ordinal);
        Dictionary<string, List<(uint Row, uint Frequency)>>.AlternateLookup<ReadOnlySpan<char>> lookup =
            terms.GetAlternateLookup<ReadOnlySpan<char>>();
        var lengths = new uint[rows];
        for (uint row = 0; row < (uint)rows; row++)
        {
            cancel.ThrowIfCancellationRequested();
            Words.Each(TextOf(bodies(row), position), word =>
            {
                lengths[row]++;
                if (!lookup.TryGetValue(word, out List<(uint Row, uint Frequency)>? postings))
                {
                    lookup[word] = postings = [];
                }
                if (postings.Count > 0 && postings[^1].Row == row)
                {
                    CollectionsMarshal.AsSpan(postings)[^1].Frequency++;
                }
                else
                {
                    postings.Add((row, 1));
                }
            });
        }
        writer.Add<uint>(WordSections.Of(position, WordSections.Lengths), lengths);
        writer.Add<long>(
            WordSections.Of(position, WordSections.Sums), [lengths.Count(static l => l > 0), lengths.Sum(static l => (long)l)]);
        Write(writer, position, [.. terms.Select(static t => (Encoding.UTF8.GetBytes(t.Key), t.Value))], lengths);
    }

    private static void Write(
        SectionFileWriter writer, int position, (byte[] Word, List<(uint Row, uint Frequency)> Postings)[] terms, uint[] lengths)
    {
        Array.Sort(terms, static (a, b) => a.Word.AsSpan().SequenceCompareTo(b.Word));
        if (terms.Sum(static t => (long)t.Postings.Count) > WordSections.MaxPairs)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, "texts", $"A segment would have more than {WordSections.MaxPairs} pairs of a word and a document.",
                "Divide the collection.");
        }
        var ends = new long[terms.Length];
        var starts = new int[terms.Length + 1];
        var blockStarts = new int[terms.Length + 1];
        var blockFrequencies = new List<uint>();
        var blockLengths = new List<uint>();
        using (SectionFileWriter.SectionStream words = writer.Begin(WordSections.Of(position, WordSections.Words)))
        {
            for (int t = 0; t < terms.Length; t++)
            {
                words.Write<byte>(terms[t].Word);
                ends[t] = words.Length;
                starts[t + 1] = starts[t] + terms[t].Postings.Count;
                foreach ((uint Row, uint Frequency)[] block in terms[t].Postings.Chunk(WordSections.BlockPostings))
                {
                    blockFrequencies.Add(block.Max(static p => p.Frequency));
                    blockLengths.Add(block.Min(p => lengths[p.Row]));
                }
                blockStarts[t + 1] = blockFrequencies.Count;
            }
        }
        using (SectionFileWriter.SectionStream rows = writer.Begin(WordSections.Of(position, WordSections.Rows)))
        {
            Array.ForEach(terms, t => rows.Write<uint>([.. t.Postings.Select(static p => p.Row)]));
        }
        using (SectionFileWriter.SectionStream frequencies = writer.Begin(WordSections.Of(position, WordSections.Frequencies)))
        {
            Array.ForEach(terms, t => frequencies.Write<uint>([.. t.Postings.Select(static p => p.Frequency)]));
        }
        writer.Add<long>(WordSections.Of(position, WordSections.WordEnds), ends);
        writer.Add<int>(WordSections.Of(position, WordSections.Starts), starts);
        writer.Add<int>(WordSections.Of(position, WordSections.BlockStarts), blockStarts);
        writer.Add<uint>(WordSections.Of(position, WordSections.BlockFrequencies), CollectionsMarshal.AsSpan(blockFrequencies));
        writer.Add<uint>(WordSections.Of(position, WordSections.BlockLengths), CollectionsMarshal.AsSpan(blockLengths));
    }

    private static string TextOf(ReadOnlySpan<byte> body, int position)
    {
        foreach (BodyText text in DocumentBody.Texts(body))
        {
            if (text.Position >= position)
            {
                return text.Position == position ? Encoding.UTF8.GetString(text.Utf8) : "";
            }
        }
        return "";
    }
}
