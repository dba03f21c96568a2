using System.Runtime.InteropServices;
using System.Text;
using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Postings;
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
        var terms = new Dictionary<string, List<Posting>>(StringComparer.Ordinal);
        Dictionary<string, List<Posting>>.AlternateLookup<ReadOnlySpan<char>> lookup =
            terms.GetAlternateLookup<ReadOnlySpan<char>>();
        var lengths = new uint[rows];
        for (uint row = 0; row < (uint)rows; row++)
        {
            cancel.ThrowIfCancellationRequested();
            Words.Each(TextOf(bodies(row), position), word =>
            {
                lengths[row]++;
                if (!lookup.TryGetValue(word, out List<Posting>? postings))
                {
                    lookup[word] = postings = [];
                }
                if (postings.Count > 0 && postings[^1].Row == row)
                {
                    ref Posting last = ref CollectionsMarshal.AsSpan(postings)[^1];
                    last = last with { Value = last.Value + 1 };
                }
                else
                {
                    postings.Add(new Posting(row, 1));
                }
            });
        }
        writer.Add<uint>(WordSections.Of(position, WordSections.Lengths), lengths);
        writer.Add<long>(
            WordSections.Of(position, WordSections.Sums), [lengths.Count(static l => l > 0), lengths.Sum(static l => (long)l)]);
        Write(writer, position, [.. terms.Select(static t => (Encoding.UTF8.GetBytes(t.Key), t.Value))], lengths);
    }

    private static void Write(SectionFileWriter writer, int position, (byte[] Word, List<Posting> Postings)[] terms, uint[] lengths)
    {
        Array.Sort(terms, static (a, b) => a.Word.AsSpan().SequenceCompareTo(b.Word));
        var ends = new long[terms.Length];
        using (SectionFileWriter.SectionStream words = writer.Begin(WordSections.Of(position, WordSections.Words)))
        {
            for (int t = 0; t < terms.Length; t++)
            {
                words.Write<byte>(terms[t].Word);
                ends[t] = words.Length;
            }
        }
        writer.Add<long>(WordSections.Of(position, WordSections.WordEnds), ends);
        PostingFileWriter.Write(
            writer, WordSections.PostingsOf(position), Array.ConvertAll(terms, static t => t.Postings), run => Bounds(run, lengths), "texts");
    }

    // The most occurrences, and the shortest text.
    private static (uint Upper, uint Lower) Bounds(ReadOnlySpan<Posting> run, uint[] lengths)
    {
        (uint upper, uint lower) = (0u, uint.MaxValue);
        foreach (Posting posting in run)
        {
            (upper, lower) = (Math.Max(upper, posting.Value), Math.Min(lower, lengths[posting.Row]));
        }
        return (upper, lower);
    }

    private static string TextOf(ReadOnlySpan<byte> body, int position) =>
        DocumentBody.Texts(body).TryFind(position, out BodyText text) ? text.ToValue() : "";
}
