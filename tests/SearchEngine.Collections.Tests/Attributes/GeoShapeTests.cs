using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using Xunit;

namespace SearchEngine.Collections.Tests.Attributes;

/// <summary>What a shape says of a cell holds for every place in it, at the poles and the antimeridian too.</summary>
public sealed class GeoShapeTests
{
    private static readonly double[] Radii = [0.5, 80, 5_000, 300_000, 4_000_000, 10_000_000, 10_020_000, 16_000_000, 20_000_000, 20_015_100, 1e9];

    [Fact]
    public void Cells_that_are_inside_or_outside_of_a_circle_are_so_in_every_place()
    {
        var random = new Random(11);
        int settled = 0;
        for (int round = 0; round < 4000; round++)
        {
            GeoPoint center = Place(random);
            var circle = new GeoCircle(center, Radii[random.Next(Radii.Length)]);
            settled += CheckCells(circle, random, Near(center, random));
        }
        Assert.True(settled > 5000, $"only {settled} cells were settled: relations are useless");
    }

    [Fact]
    public void Cells_that_are_inside_or_outside_of_a_box_are_so_in_every_place()
    {
        var random = new Random(12);
        double[] edges = [-180, 180, 0, 179.5, -179.5];
        int settled = 0;
        for (int round = 0; round < 4000; round++)
        {
            GeoPoint a = Place(random);
            GeoPoint b = Place(random);
            double west = random.Next(3) == 0 ? edges[random.Next(edges.Length)] : a.Longitude;
            double east = random.Next(3) == 0 ? edges[random.Next(edges.Length)] : b.Longitude;
            var box = new GeoBox(new GeoPoint(Math.Min(a.Latitude, b.Latitude), west), new GeoPoint(Math.Max(a.Latitude, b.Latitude), east));
            settled += CheckCells(box, random, Near(a, random));
        }
        Assert.True(settled > 5000, $"only {settled} cells were settled: relations are useless");
    }

    [Fact]
    public void Single_precision_never_contradicts_the_exact_test()
    {
        var random = new Random(13);
        var places = new List<GeoPoint>();
        var directions = new Directions();
        for (int i = 0; i < 5000; i++)
        {
            places.Add(Place(random));
            directions.Append(places[i]);
        }
        int open = 0;
        for (int round = 0; round < 60; round++)
        {
            var circle = new GeoCircle(places[random.Next(places.Count)], Radii[random.Next(Radii.Length)]);
            for (int c = 0; c < Chunks<float>.ChunksFor(places.Count); c++)
            {
                var inside = new ulong[Chunks<float>.ChunkItems / 64];
                var exact = new ulong[inside.Length];
                directions.Settle(c, places.Count, circle.Band, inside, exact);
                int first = c * Chunks<float>.ChunkItems;
                for (int i = 0; i < Math.Min(Chunks<float>.ChunkItems, places.Count - first); i++)
                {
                    bool isOpen = (exact[i / 64] >> (i % 64) & 1) != 0;
                    open += isOpen ? 1 : 0;
                    bool isInside = (inside[i / 64] >> (i % 64) & 1) != 0;
                    Assert.True(isOpen || isInside == circle.Contains(places[first + i]), $"round {round}: {places[first + i]} is settled wrongly");
                }
            }
        }
        Assert.True(open < places.Count * 60 / 10, $"{open} places were left open: the band is useless");
    }

    [Theory]
    [InlineData(0, 180, 0, -180, true)]
    [InlineData(90, 0, 90, 123, false)]
    [InlineData(-0.0, 0, 0, -0.0, true)]
    public void One_place_has_one_form(double latitude, double longitude, double otherLatitude, double otherLongitude, bool same)
    {
        GeoPoint one = GeoPlace.Canonical(new GeoPoint(latitude, longitude));
        GeoPoint other = GeoPlace.Canonical(new GeoPoint(otherLatitude, otherLongitude));
        Assert.Equal(same, one == other && GeoPlace.Cell(one) == GeoPlace.Cell(other));
    }

    /// <summary>Descends from the world to the cell of a place and checks each cell on the way with places in it.</summary>
    private static int CheckCells(GeoShape shape, Random random, GeoPoint toward)
    {
        GeoCell cell = GeoCell.World;
        ulong code = GeoPlace.Cell(toward);
        int settled = 0;
        for (int level = 0; level < 30; level++)
        {
            GeoRelation relation = shape.Relate(cell);
            if (relation != GeoRelation.Crossing)
            {
                settled++;
                for (int i = 0; i < 8; i++)
                {
                    GeoPoint place = i == 0 ? toward : GeoPlace.Canonical(Within(cell, random));
                    Assert.True(
                        shape.Contains(place) == (relation == GeoRelation.Inside),
                        $"{place} in the cell {cell.South}..{cell.North}, {cell.West}..{cell.East} of level {level}, which is said to be {relation}");
                }
            }
            cell = cell.Part((int)(code >> (62 - 2 * level)) & 3);
        }
        return settled;
    }

    private static GeoPoint Within(in GeoCell cell, Random random)
    {
        double[] shares = [0.001, 0.999, random.NextDouble(), random.NextDouble()];
        double north = shares[random.Next(4)];
        double east = shares[random.Next(4)];
        return new GeoPoint(
            Math.Clamp(cell.South + (cell.North - cell.South) * north, -90, 90), Math.Clamp(cell.West + (cell.East - cell.West) * east, -180, 180));
    }

    private static GeoPoint Near(GeoPoint place, Random random)
    {
        double spread = Math.Pow(10, random.Next(-5, 3));
        return GeoPlace.Canonical(new GeoPoint(
            Math.Clamp(place.Latitude + (random.NextDouble() - 0.5) * spread, -90, 90),
            Math.Clamp(place.Longitude + (random.NextDouble() - 0.5) * spread, -180, 180)));
    }

    private static GeoPoint Place(Random random) => GeoPlace.Canonical(random.Next(6) switch
    {
        0 => new GeoPoint(90, random.NextDouble() * 360 - 180),
        1 => new GeoPoint(-90, 0),
        2 => new GeoPoint(random.NextDouble() * 180 - 90, 180),
        3 => new GeoPoint(random.NextDouble() * 0.1, -179.99),
        _ => new GeoPoint(random.NextDouble() * 180 - 90, random.NextDouble() * 360 - 180),
    });
}
