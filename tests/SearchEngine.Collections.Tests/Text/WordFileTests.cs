using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using SearchEngine.Collections.Tests.Core;
using SearchEngine.Collections.Text;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Text;

/// <summary>The words of a segment's file are those of live documents; damage is a typed error or a wrong number, never a fault.</summary>
public sealed class WordFileTests
{
    private const int Rows = 600;

    private static readonly CollectionSchema Schema = new() { Texts = [new TextSchema { Name = "text", Index = TextIndex.Bm25 }] };

    [Fact]
    public void Mapped_and_live_postings_are_the_same_below_every_bound()
    {
        using var directory = new TempDirectory();
        byte[][] bodies = Bodies(seed: 3);
        var live = new LiveTexts(Schema);
        for (uint row = 0; row < Rows; row++)
        {
            live.Append(row, bodies[row]);
        }
        foreach (int bound in new[] { 0, 1, 127, 128, 129, Rows })
        {
            string part = directory.File($"{bound}");
            Directory.CreateDirectory(part);
            WordFileWriter.Write(DiskFileLayer.Instance, part, Schema, bound, row => bodies[row], CancellationToken.None);
            using SegmentWords segment = SegmentWords.Open(part, Schema, bound)!;
            ITextIndex mapped = segment.Field(0), below = live.Below(0, bound);
            Assert.Equal((below.Documents, below.Words), (mapped.Documents, mapped.Words));
            for (int word = 0; word < 60; word++)
            {
                Assert.Equal(Postings(below, $"w{word}"), Postings(mapped, $"w{word}"));
            }
        }
    }

    [Fact]
    public void Flipped_bits_in_words_are_found_by_a_scrub_and_reading_stays_typed()
    {
        using var directory = new TempDirectory();
        byte[][] bodies = Bodies(seed: 4);
        WordFileWriter.Write(DiskFileLayer.Instance, directory.Path, Schema, Rows, row => bodies[row], CancellationToken.None);
        string path = directory.File(WordSections.FileName);
        var random = new Random(4);
        long length = new FileInfo(path).Length;
        for (int i = 0; i < 300; i++)
        {
            long at = random.NextInt64(length);
            int bit = random.Next(8);
            StoreSample.Flip(path, at, bit);
            try
            {
                using SegmentWords segment = SegmentWords.Open(directory.Path, Schema, Rows)!;
                ReadAll(segment.Field(0));
            }
            catch (CollectionException error) when (error.Error == CollectionError.Checksum)
            {
            }
            Assert.True(SegmentWords.Scrub(directory.Path, Schema, CancellationToken.None).Count > 0, $"bit {bit} of byte {at}: the scrub finds nothing");
            StoreSample.Flip(path, at, bit);
        }
        Assert.Empty(SegmentWords.Scrub(directory.Path, Schema, CancellationToken.None));
    }

    // As a search does: every word to its end, in steps and in leaps.
    private static void ReadAll(ITextIndex texts)
    {
        for (int word = 0; word < 60; word++)
        {
            if (texts.Find($"w{word}") is not { } postings)
            {
                continue;
            }
            var weight = new WordWeight(1, postings.Count, texts.Documents, texts.Words, 1.2, 0.75);
            var cursor = new PostingCursor(postings, new WordScorer(weight, texts), 0);
            for (uint step = 1; cursor.Row != PostingCursor.AtEnd; step++)
            {
                cursor.Score();
                if (step % 3 == 0)
                {
                    cursor.MoveTo(cursor.Row + step);
                }
                else
                {
                    cursor.MoveNext();
                }
            }
        }
    }

    private static List<(uint Row, uint Frequency, uint Length)> Postings(ITextIndex texts, string word)
    {
        var found = new List<(uint Row, uint Frequency, uint Length)>();
        IPostings? postings = texts.Find(word);
        for (int place = 0; place < (postings?.Count ?? 0); place++)
        {
            uint row = postings!.RowAt(place);
            found.Add((row, postings.ValueAt(place), texts.LengthOf(row)));
            PostingRun run = postings.RunOf(place);
            Assert.True(
                place < run.End && row <= run.LastRow && postings.ValueAt(place) <= run.Upper && texts.LengthOf(row) >= run.Lower,
                $"row {row} of {word} surpasses its run {run}");
            Assert.Equal(place, postings.FirstAtLeast(row, 0));
        }
        return found;
    }

    private static byte[][] Bodies(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Rows).Select(row =>
        {
            using var buffer = new PooledBuffer();
            string text = string.Join(' ', Enumerable.Range(0, random.Next(40)).Select(_ => "w" + (int)(50 * Math.Pow(random.NextDouble(), 2))));
            var document = new Document { Id = (ulong)row, Texts = row % 9 == 0 ? [] : new Dictionary<string, string> { ["text"] = text } };
            new BodyEncoder(Schema).Encode(document, buffer);
            return buffer.Written.ToArray();
        })];
    }
}
