using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using SearchEngine.Protocol.V1;

namespace SearchTour;

/// <summary>A point of the tour: a made-up film with a made-up vector, the same in every run.</summary>
internal sealed record Film(ulong Number, string Genre, int Year, float[] Values)
{
    public const int Dimension = 16;

    private static readonly string[] Genres = ["drama", "comedy", "crime", "nature", "space"];

    public static Film[] All { get; } = [.. Enumerable.Range(1, 10_000).Select(Make)];

    public Point ToPoint() => new()
    {
        Id = new Id { Number = Number },
        Vector = ToVector(Values),
        Attributes = { ["genre"] = new Value { KeywordValue = Genre }, ["year"] = new Value { IntegerValue = Year } },
        Texts = { ["title"] = string.Create(CultureInfo.InvariantCulture, $"Film {Number}") },
    };

    /// <summary>A vector as the contract has it: little-endian floats.</summary>
    public static Vector ToVector(float[] values) =>
        new() { Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };

    public static float[] Numbers(Random random)
    {
        var values = new float[Dimension];
        // In all directions alike, which is all that the tour needs of them.
        foreach (ref float value in values.AsSpan()) value = (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        return values;
    }

    /// <summary>The k films closest to the query, by the definition.</summary>
    public static (double Score, Film Film)[] Nearest(float[] query, int k, Func<Film, bool> matches) =>
        [.. All.Where(matches).Select(film => (Score: Cosine(query, film.Values), film)).OrderByDescending(static s => s.Score).Take(k)];

    private static Film Make(int number) =>
        new((ulong)number, Genres[number % Genres.Length], 1950 + (number % 70), Numbers(new Random(number)));

    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return dot / Math.Sqrt(aa * bb);
    }
}
