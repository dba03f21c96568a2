using SearchEngine.Server.Encoders;
using Xunit;

namespace SearchEngine.Server.Tests.Encoders;

public sealed class QueryCacheTests
{
    private static readonly EncodedQuery Vector = new(new float[100], null, new Wire.Fingerprint());

    [Fact]
    public void TheBytesAreBounded_AndTheLeastRecentlyUsedGoFirst()
    {
        var cache = new QueryCache(100_000);
        for (int i = 0; i < 1_000; i++)
        {
            cache.Keep(Key($"text {i}"), Vector);
            Assert.NotNull(cache.Find(Key("text 0")));
            Assert.True(cache.Bytes <= 100_000, $"{cache.Bytes} bytes are kept.");
        }
        Assert.NotNull(cache.Find(Key("text 999")));
        Assert.Null(cache.Find(Key("text 500")));
    }

    [Fact]
    public void OneOfAnotherBuildSpaceOrDimension_NeverAnswers()
    {
        var cache = new QueryCache(100_000);
        cache.Keep(Key("text"), Vector);
        Assert.Null(cache.Find(Key("text") with { Build = "other" }));
        Assert.Null(cache.Find(Key("text") with { Space = "other" }));
        Assert.Null(cache.Find(Key("text") with { Dimension = 32 }));
        Assert.Same(Vector, cache.Find(Key("text")));
    }

    [Fact]
    public void ATextThatWouldEmptyTheCache_IsNotKept()
    {
        var cache = new QueryCache(100_000);
        cache.Keep(Key("short"), Vector);
        cache.Keep(Key(new string('x', 30_000)), Vector);
        Assert.NotNull(cache.Find(Key("short")));
        Assert.Null(cache.Find(Key(new string('x', 30_000))));
    }

    private static QueryCache.Key Key(string text) => new("s1", "b1", 100, "", Wire.Truncation.Error, text);
}
