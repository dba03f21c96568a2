using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>Places as unit vectors in single precision, for one appender beside readers: settles most of a circle without
/// trigonometry.</summary>
internal sealed class Directions
{
    private readonly Chunks<float> _x = new();
    private readonly Chunks<float> _y = new();
    private readonly Chunks<float> _z = new();

    public const int BytesPerPlace = 3 * sizeof(float);

    public void Append(GeoPoint place)
    {
        (double sinLatitude, double cosLatitude) = Math.SinCos(place.Latitude * Math.PI / 180);
        (double sinLongitude, double cosLongitude) = Math.SinCos(place.Longitude * Math.PI / 180);
        _x.Append((float)(cosLatitude * cosLongitude));
        _y.Append((float)(cosLatitude * sinLongitude));
        _z.Append((float)sinLatitude);
    }

    /// <summary>Sets the bits of the places of a chunk that are surely inside, and of those that need the exact test.</summary>
    /// <param name="count">A count of places that were appended before.</param>
    public void Settle(int chunk, int count, in CosineBand band, Span<ulong> inside, Span<ulong> open)
    {
        ReadOnlySpan<float> x = _x.Chunk(chunk, count);
        ReadOnlySpan<float> y = _y.Chunk(chunk, count);
        ReadOnlySpan<float> z = _z.Chunk(chunk, count);
        ReadOnlySpan<Vector512<float>> xs = MemoryMarshal.Cast<float, Vector512<float>>(x);
        ReadOnlySpan<Vector512<float>> ys = MemoryMarshal.Cast<float, Vector512<float>>(y);
        ReadOnlySpan<Vector512<float>> zs = MemoryMarshal.Cast<float, Vector512<float>>(z);
        int lanes = Vector512<float>.Count;
        for (int i = 0; i < xs.Length; i++)
        {
            Vector512<float> dot = xs[i] * band.X + ys[i] * band.Y + zs[i] * band.Z;
            ulong sure = Vector512.GreaterThanOrEqual(dot, Vector512.Create(band.Inside)).ExtractMostSignificantBits();
            ulong possible = Vector512.GreaterThanOrEqual(dot, Vector512.Create(band.Outside)).ExtractMostSignificantBits();
            int shift = i * lanes % 64;
            inside[i * lanes / 64] |= sure << shift;
            open[i * lanes / 64] |= (possible & ~sure) << shift;
        }
        for (int i = xs.Length * lanes; i < x.Length; i++)
        {
            open[i / 64] |= 1UL << (i % 64);
        }
    }
}
