using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;

namespace SearchEngine.Benchmarks.Collections;

/// <summary>The filters that are measured, by name.</summary>
internal static class FilterCases
{
    public static IEnumerable<(string Name, Filter Filter)> All()
    {
        for (int i = 0; i < FilterDocuments.Shares.Length; i++)
        {
            double share = FilterDocuments.Shares[i];
            yield return ($"keyword {share:P2}", Must(Share(i)));
        }
        foreach (double share in FilterDocuments.Shares)
        {
            yield return ($"integer range {share:P2}", Must(Serial(0.05, share)));
        }
        foreach (double share in FilterDocuments.Shares)
        {
            yield return ($"float range {share:P2}", Must(new Condition.Range(
                "weight", AtLeast: AttributeValue.OfFloat(0.05), Below: AttributeValue.OfFloat(0.05 + share))));
        }
        foreach (int grades in new[] { 1, 10, 50, 90 })
        {
            yield return ($"range over {grades} of 100 grades", Must(new Condition.Range(
                "grade", AtLeast: AttributeValue.OfInteger(5), Below: AttributeValue.OfInteger(5 + grades))));
        }
        yield return ("range 10% of array", Must(new Condition.Range("labels", Below: AttributeValue.OfInteger(FilterDocuments.Labels / 30))));
        yield return ("range 90% of array", Must(new Condition.Range("labels", Below: AttributeValue.OfInteger(FilterDocuments.Labels / 2))));
        foreach (double share in FilterDocuments.Shares)
        {
            yield return ($"radius {share:P2}", Must(new Condition.WithinRadius(
                "place", new GeoPoint(52.52, 13.4), GeoCircle.EarthRadiusMeters * Math.Acos(1 - 2 * share))));
        }
        yield return ("box 1.4% across the antimeridian", Must(new Condition.WithinBox("place", new GeoPoint(-20, 170), new GeoPoint(20, -175))));
        yield return ("any of 100 tags", Must(Tags(100)));
        yield return ("any of 100 labels", Must(new Condition.AnyOf(
            "labels", [.. Enumerable.Range(0, 100).Select(i => AttributeValue.OfInteger(i * 97))])));
        yield return ("exists", Must(new Condition.Exists("place")));
        yield return ("keyword 10% and range 10%", Must(Share(3), Serial(0.05, 0.1)));
        yield return ("keyword 0.1% or range 1% or tag", new Filter { Should = [Share(1), Serial(0.05, 0.01), Tags(1)] });
        yield return ("range 90% not keyword 30%", new Filter { Must = [Serial(0.05, 0.9)], MustNot = [Share(4)] });
        yield return ("2 of 5 keywords", new Filter { Should = [Share(2), Share(3), Share(4), Share(5), Share(6)], MinShould = 2 });
        yield return ("keyword 0.1% and unindexed", Must(Share(1), Loose()));
        yield return ("unindexed", Must(Loose()));
    }

    private static Filter Must(params Condition[] conditions) => new() { Must = conditions };

    private static Condition.EqualTo Share(int i) => new($"share{i}", AttributeValue.OfKeyword("in"));

    private static Condition.EqualTo Loose() => new("loose", AttributeValue.OfInteger(7));

    private static Condition.AnyOf Tags(int count) =>
        new("tag", [.. Enumerable.Range(0, count).Select(i => AttributeValue.OfKeyword($"tag {i * 9}"))]);

    private static Condition.Range Serial(double from, double share) => new(
        "serial",
        AtLeast: AttributeValue.OfInteger((long)(from * FilterDocuments.SerialSpan)),
        Below: AttributeValue.OfInteger((long)((from + share) * FilterDocuments.SerialSpan)));
}
