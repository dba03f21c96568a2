using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Tests.Segments;
using SearchEngine.Collections.Writes;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Collections.Tests.Core;

/// <summary>Attributes that are added while a collection serves.</summary>
public sealed class AddAttributeTests
{
    private const int Limit = 120_000;
    private const string Name = "added";
    private static readonly CollectionSchema OnlyText = new() { Texts = [new TextSchema { Name = "text" }] };
    private static readonly Filter With = new() { Must = [new Condition.Exists(Name)] };
    private static readonly Filter Without = new() { MustNot = [new Condition.Exists(Name)] };

    public static TheoryData<AttributeType, bool> Types()
    {
        var types = new TheoryData<AttributeType, bool>();
        foreach (AttributeType type in Enum.GetValues<AttributeType>())
        {
            types.Add(type, false);
            types.Add(type, true);
        }
        return types;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Older_documents_lack_it_until_they_are_given_a_value_wherever_they_are(AttributeType type, bool isArray)
    {
        using var directory = new TempDirectory();
        using (CollectionStore store = Open(directory.Path))
        {
            Collection collection = store.Create("c", OnlyText);
            await Put(collection, 0, 4);
            await collection.FlushAsync(TestContext.Current.CancellationToken);
            await Put(collection, 4, 8);
            await collection.AddAttributeAsync(new AttributeSchema { Name = Name, Type = type, IsArray = isArray }, TestContext.Current.CancellationToken);
            Counts(collection, 0, 8);
            AttributeValue empty = isArray ? AttributeValue.ArrayOf(type) : AttributeValue.Null;
            await collection.WriteAsync(
                [Patch(1, Value(type, isArray)), Patch(5, Value(type, isArray)), Patch(2, empty), Patch(6, AttributeValue.Null)], default, TestContext.Current.CancellationToken);
            Counts(collection, 2, 6);
        }
        using CollectionStore again = Open(directory.Path);
        Counts(again.Get("c"), 2, 6);
        await again.Get("c").OptimiseAsync(cancel: TestContext.Current.CancellationToken);
        Counts(again.Get("c"), 2, 6);
        Assert.Equal(Value(type, isArray), again.Get("c").Get([5], DocumentParts.All)[0]!.Attributes[Name]);
        await again.Get("c").WriteAsync([Patch(5, AttributeValue.Null)], default, TestContext.Current.CancellationToken);
        Counts(again.Get("c"), 1, 7);
    }

    [Fact(Timeout = Limit)]
    public async Task Nobody_writes_or_asks_for_it_before_a_restart_would_know_it()
    {
        using var directory = new TempDirectory();
        using var publishing = new StandingOperation(static o => o.StartsWith("rename ", StringComparison.Ordinal) && o.EndsWith("MANIFEST-00000000000000000002", StringComparison.Ordinal));
        using CollectionStore store = Open(directory.Path, publishing);
        Collection collection = store.Create("c", OnlyText);
        await Put(collection, 0, 2);
        Task adding = collection.AddAttributeAsync(new AttributeSchema { Name = Name, Type = AttributeType.Bool });
        await publishing.Reached;
        Exception? written = await Record.ExceptionAsync(() => collection.WriteAsync([Patch(1, AttributeValue.OfBool(true))]));
        Exception? asked = Record.Exception(() => collection.Count(With));
        publishing.GoOn();
        await adding;
        Assert.Equal(CollectionError.AttributeUnknown, Assert.IsType<CollectionException>(written).Error);
        Assert.Equal(CollectionError.FilterField, Assert.IsType<CollectionException>(asked).Error);
        await collection.WriteAsync([Patch(1, AttributeValue.OfBool(true))]);
        Counts(collection, 1, 1);
    }

    private static void Counts(Collection collection, int with, int without) =>
        Assert.Equal((with, without), (collection.Count(With), collection.Count(Without)));

    private static AttributeValue Value(AttributeType type, bool isArray)
    {
        AttributeValue one = type switch
        {
            AttributeType.Keyword => AttributeValue.OfKeyword("k"),
            AttributeType.Integer => AttributeValue.OfInteger(long.MinValue),
            AttributeType.Float => AttributeValue.OfFloat(-0.5),
            AttributeType.Bool => AttributeValue.OfBool(false),
            AttributeType.Timestamp => AttributeValue.OfTimestamp(0),
            _ => AttributeValue.OfPlace(new GeoPoint(-90, 13)),
        };
        return isArray ? AttributeValue.ArrayOf(type, one, one) : one;
    }

    private static WriteOperation.Patch Patch(ulong id, AttributeValue value) =>
        new(id, new Dictionary<string, AttributeValue> { [Name] = value });

    private static Task Put(Collection collection, int from, int to) => collection.WriteAsync(
        [.. Enumerable.Range(from, to - from).Select(static i => new WriteOperation.Put(new Document { Id = (ulong)i }))]);

    private static CollectionStore Open(string root, params StandingOperation[] standing) => CollectionStore.Open(
        root, static _ => new CollectionSettings { DiskReserveBytes = 0 }, TimeProvider.System,
        new ObservedFileLayer(operation => Array.ForEach(standing, s => s.Before(operation))));
}
