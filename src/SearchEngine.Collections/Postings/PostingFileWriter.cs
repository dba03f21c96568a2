using System.Runtime.InteropServices;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Postings;

/// <summary>Writes the sections of the postings of one field or vector.</summary>
internal static class PostingFileWriter
{
    /// <param name="parts">By part, its postings by ascending row.</param>
    /// <param name="bounds">What bounds a run.</param>
    /// <param name="of">What has the parts, for refusals.</param>
    /// <exception cref="CollectionException">LimitExceeded: more pairs of a part and a document than a file can hold.</exception>
    public static void Write(
        SectionFileWriter writer, PostingSections names, IReadOnlyList<List<Posting>> parts, Func<ReadOnlySpan<Posting>, (uint Upper, uint Lower)> bounds,
        string of)
    {
        if (parts.Sum(static p => (long)p.Count) > PostingSections.MaxPairs)
        {
            throw new CollectionException(
                CollectionError.LimitExceeded, of, $"A segment would have more than {PostingSections.MaxPairs} postings of {of}.",
                "Divide the collection.");
        }
        var starts = new int[parts.Count + 1];
        var runStarts = new int[parts.Count + 1];
        var uppers = new List<uint>();
        var lowers = new List<uint>();
        for (int part = 0; part < parts.Count; part++)
        {
            starts[part + 1] = starts[part] + parts[part].Count;
            ReadOnlySpan<Posting> left = CollectionsMarshal.AsSpan(parts[part]);
            for (; !left.IsEmpty; left = left[Math.Min(left.Length, PostingSections.RunPostings)..])
            {
                (uint upper, uint lower) = bounds(left[..Math.Min(left.Length, PostingSections.RunPostings)]);
                uppers.Add(upper);
                lowers.Add(lower);
            }
            runStarts[part + 1] = uppers.Count;
        }
        Add(writer, names.Rows, parts, static p => p.Row);
        Add(writer, names.Values, parts, static p => p.Value);
        writer.Add<int>(names.Starts, starts);
        writer.Add<int>(names.RunStarts, runStarts);
        writer.Add<uint>(names.Uppers, CollectionsMarshal.AsSpan(uppers));
        writer.Add<uint>(names.Lowers, CollectionsMarshal.AsSpan(lowers));
    }

    private static void Add(SectionFileWriter writer, string name, IReadOnlyList<List<Posting>> parts, Func<Posting, uint> number)
    {
        using SectionFileWriter.SectionStream section = writer.Begin(name);
        foreach (List<Posting> part in parts)
        {
            section.Write<uint>([.. part.Select(number)]);
        }
    }
}
