using System.Diagnostics.CodeAnalysis;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Schema;
using SearchEngine.Collections.Storage;
using Xunit;

namespace SearchEngine.Collections.Tests.Documents;

/// <summary>A body gives back the document's attributes, texts and sparse vectors; bytes that are none are refused.</summary>
public sealed class DocumentBodyTests
{
    private static readonly CollectionSchema Schema = new()
    {
        Attributes =
        [
            new AttributeSchema { Name = "lang", Type = AttributeType.Keyword, IsRequired = true },
            new AttributeSchema { Name = "year", Type = AttributeType.Integer },
            new AttributeSchema { Name = "price", Type = AttributeType.Float },
            new AttributeSchema { Name = "open", Type = AttributeType.Bool },
            new AttributeSchema { Name = "seen", Type = AttributeType.Timestamp },
            new AttributeSchema { Name = "place", Type = AttributeType.GeoPoint },
            new AttributeSchema { Name = "tags", Type = AttributeType.Keyword, IsArray = true },
            new AttributeSchema { Name = "counts", Type = AttributeType.Integer, IsArray = true },
        ],
        Texts = [new TextSchema { Name = "title", IsRequired = true }, new TextSchema { Name = "text" }],
        SparseVectors = [new SparseSchema { Name = "splade" }, new SparseSchema { Name = "rare" }],
    };

    [Fact]
    public void Random_documents_come_back()
    {
        const int Seed = 20261126;
        var random = new Random(Seed);
        var encoder = new BodyEncoder(Schema);
        using var buffer = new PooledBuffer();
        for (int round = 0; round < 500; round++)
        {
            Document document = RandomDocument(random);
            buffer.Clear();
            buffer.WriteByte(77);
            encoder.Encode(document, buffer);
            ReadOnlySpan<byte> body = buffer.Written[1..];
            AssertHolds(document, body, $"seed {Seed}, round {round}");
        }
    }

    [Fact]
    public void Patches_agree_with_a_dictionary()
    {
        const int Seed = 5;
        var random = new Random(Seed);
        var encoder = new BodyEncoder(Schema);
        using var body = new PooledBuffer();
        using var patch = new PooledBuffer();
        using var result = new PooledBuffer();
        for (int round = 0; round < 500; round++)
        {
            Document old = RandomDocument(random), change = RandomDocument(random);
            var attributes = change.Attributes.ToDictionary(StringComparer.Ordinal);
            var texts = change.Texts.ToDictionary(t => t.Key, t => (string?)t.Value, StringComparer.Ordinal);
            foreach (AttributeSchema attribute in Schema.Attributes.Where(a => !a.IsRequired && random.Next(4) == 0))
            {
                attributes[attribute.Name] = AttributeValue.Null;
            }

            if (random.Next(3) == 0)
            {
                texts["text"] = null;
            }

            body.Clear();
            patch.Clear();
            result.Clear();
            encoder.Encode(old, body);
            encoder.EncodePatch(attributes, texts, patch);
            DocumentBody.WithPatch(body.Written, patch.Written, result);
            Document expected = old with
            {
                Attributes = Merged(old.Attributes, attributes.Where(a => !a.Value.IsNull), attributes.Keys),
                Texts = Merged(old.Texts, texts.Where(t => t.Value is not null).Select(t => KeyValuePair.Create(t.Key, t.Value!)), texts.Keys),
            };
            AssertHolds(expected, result.Written, $"seed {Seed}, round {round}");
            body.Clear();
            encoder.Encode(expected, body);
            Assert.True(body.Written.SequenceEqual(result.Written), $"round {round}: a patched body differs from an encoded one");
        }
    }

    [Fact]
    public void Values_are_read_in_place_without_allocating()
    {
        using var buffer = new PooledBuffer();
        new BodyEncoder(Schema).Encode(RandomDocument(new Random(3)) with { Attributes = Full() }, buffer);
        _ = Sum(buffer.Written);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long sum = Sum(buffer.Written);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2020 + 1 + 99 + 2 + 3 + 5, sum);

        static long Sum(ReadOnlySpan<byte> body)
        {
            long sum = 0;
            foreach (BodyAttribute attribute in DocumentBody.Attributes(body))
            {
                foreach (BodyItem item in attribute.Items)
                {
                    sum += item.Utf8.Length + (attribute.Type is AttributeType.Float or AttributeType.GeoPoint ? 0 : item.Integer);
                }
            }

            return sum;
        }
    }

    [Fact]
    public void A_body_written_before_an_attribute_was_added_lacks_it()
    {
        using var buffer = new PooledBuffer();
        new BodyEncoder(Schema).Encode(new Document { Id = 1, Attributes = Full(), Texts = Title() }, buffer);
        CollectionSchema grown = Schema with { Attributes = [.. Schema.Attributes, new AttributeSchema { Name = "new", Type = AttributeType.Bool }] };
        Assert.False(DocumentBody.Attributes(buffer.Written).TryFind(8, out _));
        Assert.Equal(8, DocumentBody.ReadAttributes(buffer.Written, grown, BodySelection.All).Count);
    }

    [Fact]
    public void Selections_give_only_what_was_asked_for()
    {
        using var buffer = new PooledBuffer();
        new BodyEncoder(Schema).Encode(new Document { Id = 1, Attributes = Full(), Texts = Title() }, buffer);
        BodySelection wanted = BodySelection.Of(Schema, ["year", "tags"], []);
        Assert.Equal(["year", "tags"], DocumentBody.ReadAttributes(buffer.Written, Schema, wanted).Keys);
        Assert.Empty(DocumentBody.ReadTexts(buffer.Written, Schema, wanted));
        Assert.Empty(DocumentBody.ReadAttributes(buffer.Written, Schema, BodySelection.Of(Schema, [], [])));
        Assert.Equal(CollectionError.AttributeUnknown, Assert.Throws<CollectionException>(() => BodySelection.Of(Schema, null, ["none"])).Error);
    }

    [Fact]
    public void A_body_without_sparse_vectors_is_byte_for_byte_what_it_was_before_there_were_any()
    {
        using var now = new PooledBuffer();
        using var before = new PooledBuffer();
        var document = new Document { Id = 1, Attributes = Full(), Texts = Title() };
        new BodyEncoder(Schema).Encode(document, now);
        new BodyEncoder(Schema with { SparseVectors = [] }).Encode(document, before);
        Assert.Equal(BodyFormat.Version, now.Written[0]);
        Assert.True(now.Written.SequenceEqual(before.Written), "an older version could not read what it wrote itself");
    }

    [Fact]
    public void Sparse_vectors_come_back_ascending_and_without_zeros()
    {
        using var buffer = new PooledBuffer();
        var sent = new SparseVector(new uint[] { 9, uint.MaxValue, 0, 4 }, new float[] { -1, 2, float.Epsilon, 0 });
        new BodyEncoder(Schema).Encode(new Document { Id = 1, Attributes = Full(), Texts = Title(), SparseVectors = Sparse("rare", sent) }, buffer);
        SparseVector stored = DocumentBody.ReadSparseVectors(buffer.Written, Schema, BodySelection.All)["rare"];
        Assert.Equal([0u, 9u, uint.MaxValue], stored.Dimensions.ToArray());
        Assert.Equal([float.Epsilon, -1, 2], stored.Weights.ToArray());
        Assert.Equal(4, sent.Count);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    [SuppressMessage("Usage", "xUnit1042", Justification = "Documents are not serialisable.")]
    public void Bad_documents_are_refused_and_leave_the_buffer_as_it_was(string name, Document document, CollectionError error, string field)
    {
        using var buffer = new PooledBuffer();
        buffer.Write("before"u8);
        CollectionException refusal = Assert.Throws<CollectionException>(() => new BodyEncoder(Schema).Encode(document, buffer));
        Assert.True((error, field) == (refusal.Error, refusal.Field), $"{name}: {refusal.Error} at {refusal.Field}: {refusal.Message}");
        Assert.True(buffer.Written.SequenceEqual("before"u8), $"{name}: a refused document left bytes behind");
    }

    private static AttributeValue Repeated(AttributeValue value, int count) =>
        AttributeValue.ArrayOf(value.Type, [.. Enumerable.Repeat(value, count)]);

    public static IEnumerable<object[]> Refusals()
    {
        yield return Case("unknown attribute", "nope", AttributeValue.OfBool(true), CollectionError.AttributeUnknown, "attributes.nope");
        yield return Case("wrong type", "year", AttributeValue.OfFloat(1), CollectionError.AttributeType, "attributes.year");
        yield return Case("array for a single", "year", AttributeValue.ArrayOf(AttributeType.Integer), CollectionError.AttributeType, "attributes.year");
        yield return Case("single for an array", "counts", AttributeValue.OfInteger(1), CollectionError.AttributeType, "attributes.counts");
        yield return Case("required attribute", "lang", AttributeValue.Null, CollectionError.FieldRequired, "attributes.lang");
        yield return Case("not a number", "price", AttributeValue.OfFloat(double.NaN), CollectionError.FieldInvalid, "attributes.price");
        yield return Case("infinite", "price", AttributeValue.OfFloat(double.NegativeInfinity), CollectionError.FieldInvalid, "attributes.price");
        yield return Case("latitude", "place", AttributeValue.OfPlace(new GeoPoint(90.5, 0)), CollectionError.FieldInvalid, "attributes.place");
        yield return Case("longitude", "place", AttributeValue.OfPlace(new GeoPoint(0, double.NaN)), CollectionError.FieldInvalid, "attributes.place");
        yield return Case("half a surrogate pair", "lang", AttributeValue.OfKeyword("a\ud800b"), CollectionError.TextEncoding, "attributes.lang");
        yield return Case("long keyword", "lang", AttributeValue.OfKeyword(new string('x', 4_097)), CollectionError.LimitExceeded, "attributes.lang");
        yield return Case("many bytes", "lang", AttributeValue.OfKeyword(new string('\u20ac', 1_366)), CollectionError.LimitExceeded, "attributes.lang");
        yield return Case("many values", "counts", Repeated(AttributeValue.OfInteger(1), 1_025), CollectionError.LimitExceeded, "attributes.counts");
        yield return Case("large", "tags", Repeated(AttributeValue.OfKeyword(new string('x', 4_096)), 16), CollectionError.LimitExceeded, "attributes.tags");
        yield return ["no title", new Document { Id = 1, Attributes = Full() }, CollectionError.FieldRequired, "texts.title"];
        yield return ["unknown text", new Document { Id = 1, Attributes = Full(), Texts = Title("other", "x") }, CollectionError.AttributeUnknown, "texts.other"];
        yield return ["large text", new Document { Id = 1, Attributes = Full(), Texts = Title("text", new string('\u20ac', 400_000)) }, CollectionError.LimitExceeded, "texts.text"];
        yield return ["bad text", new Document { Id = 1, Attributes = Full(), Texts = Title("text", "\udc00") }, CollectionError.TextEncoding, "texts.text"];
        yield return Vector("unknown sparse", "nope", [1], [1], CollectionError.VectorUnknown);
        yield return Vector("no elements", "rare", [], [], CollectionError.VectorZero);
        yield return Vector("only zeros", "rare", [1, 2], [0, -0f], CollectionError.VectorZero);
        yield return Vector("a weight too few", "rare", [1, 2], [1], CollectionError.FieldInvalid);
        yield return Vector("a dimension twice", "rare", [3, 1, 3], [1, 1, 1], CollectionError.FieldInvalid);
        yield return Vector("not a number", "rare", [1, 2], [1, float.NaN], CollectionError.VectorNotFinite);
        yield return Vector("infinite", "splade", [1, 2], [float.NegativeInfinity, 1], CollectionError.VectorNotFinite);
        yield return Vector(
            "too many", "rare", [.. Enumerable.Range(0, 4097).Select(i => (uint)i)], [.. Enumerable.Repeat(1f, 4097)],
            CollectionError.LimitExceeded);

        static object[] Vector(string name, string vector, uint[] dimensions, float[] weights, CollectionError error) =>
        [
            name,
            new Document { Id = 1, Attributes = Full(), Texts = Title(), SparseVectors = Sparse(vector, new SparseVector(dimensions, weights)) },
            error, "vectors." + vector,
        ];

        static object[] Case(string name, string attribute, AttributeValue value, CollectionError error, string field)
        {
            var attributes = new Dictionary<string, AttributeValue>(Full(), StringComparer.Ordinal) { [attribute] = value };
            return [name, new Document { Id = 1, Attributes = attributes, Texts = Title() }, error, field];
        }
    }

    [Theory]
    [InlineData("lang")]
    [InlineData("counts")]
    public void What_just_keeps_a_limit_comes_back(string attribute)
    {
        AttributeValue value = attribute == "lang"
            ? AttributeValue.OfKeyword(new string('\u20ac', 1_365) + "x")
            : Repeated(AttributeValue.OfInteger(-1), 1_024);
        using var buffer = new PooledBuffer();
        var attributes = new Dictionary<string, AttributeValue>(Full(), StringComparer.Ordinal) { [attribute] = value };
        new BodyEncoder(Schema).Encode(new Document { Id = 1, Attributes = attributes, Texts = Title() }, buffer);
        Assert.Equal(value, DocumentBody.ReadAttributes(buffer.Written, Schema, BodySelection.All)[attribute]);
    }

    [Fact]
    public void Removing_what_is_required_is_refused()
    {
        using var buffer = new PooledBuffer();
        var encoder = new BodyEncoder(Schema);
        var none = new Dictionary<string, string?>(StringComparer.Ordinal);
        var removal = new Dictionary<string, AttributeValue>(StringComparer.Ordinal) { ["lang"] = AttributeValue.Null };
        Assert.Equal(CollectionError.FieldRequired, Assert.Throws<CollectionException>(() => encoder.EncodePatch(removal, none, buffer)).Error);
        removal.Clear();
        none["title"] = null;
        Assert.Equal(CollectionError.FieldRequired, Assert.Throws<CollectionException>(() => encoder.EncodePatch(removal, none, buffer)).Error);
    }

    /// <summary>Such bytes pass no checksum; if they did, reading must stay inside them.</summary>
    [Fact]
    public void Flipped_and_cut_bodies_are_a_typed_error_or_another_value()
    {
        using var buffer = new PooledBuffer();
        var vector = new SparseVector(new uint[] { 1, 70_000 }, new float[] { 1, -2 });
        new BodyEncoder(Schema).Encode(
            new Document { Id = 1, Attributes = Full(), Texts = Title("text", "abc"), SparseVectors = Sparse("rare", vector) }, buffer);
        byte[] sound = buffer.Written.ToArray();
        for (int at = 0; at < sound.Length; at++)
        {
            Read(sound.AsSpan(0, at));
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] flipped = [.. sound];
                flipped[at] ^= (byte)(1 << bit);
                Read(flipped);
            }
        }

        static void Read(ReadOnlySpan<byte> body)
        {
            try
            {
                _ = DocumentBody.ReadAttributes(body, Schema, BodySelection.All);
                _ = DocumentBody.ReadTexts(body, Schema, BodySelection.All);
                _ = DocumentBody.ReadSparseVectors(body, Schema, BodySelection.All);
            }
            catch (CollectionException error)
            {
                Assert.Equal(CollectionError.Checksum, error.Error);
            }
        }
    }

    private static Dictionary<string, AttributeValue> Full() => new(StringComparer.Ordinal)
    {
        ["lang"] = AttributeValue.OfKeyword("de"),
        ["year"] = AttributeValue.OfInteger(2020),
        ["price"] = AttributeValue.OfFloat(-1.5),
        ["open"] = AttributeValue.OfBool(true),
        ["seen"] = AttributeValue.OfTimestamp(99),
        ["place"] = AttributeValue.OfPlace(new GeoPoint(-90, 180)),
        ["tags"] = AttributeValue.ArrayOf(AttributeType.Keyword, AttributeValue.OfKeyword("a"), AttributeValue.OfKeyword("\u00e4")),
        ["counts"] = AttributeValue.ArrayOf(AttributeType.Integer, AttributeValue.OfInteger(-4), AttributeValue.OfInteger(9)),
    };

    private static Dictionary<string, string> Title(string? name = null, string? text = null)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["title"] = "t" };
        if (name is not null)
        {
            texts[name] = text!;
        }

        return texts;
    }

    private static Dictionary<string, SparseVector> Sparse(string name, SparseVector vector) =>
        new(StringComparer.Ordinal) { [name] = vector };

    private static SparseVector RandomVector(Random random)
    {
        uint[] dimensions = [.. Enumerable.Range(0, 1 + random.Next(30)).Select(_ => (uint)random.NextInt64(1L << random.Next(1, 33))).Distinct().Order()];
        return new SparseVector(dimensions, Array.ConvertAll(dimensions, _ => random.NextSingle() + 1e-6f));
    }

    private static Dictionary<string, TValue> Merged<TValue>(
        IReadOnlyDictionary<string, TValue> old, IEnumerable<KeyValuePair<string, TValue>> set, IEnumerable<string> named)
    {
        var merged = old.ToDictionary(StringComparer.Ordinal);
        foreach (string name in named)
        {
            merged.Remove(name);
        }

        foreach ((string name, TValue value) in set)
        {
            merged[name] = value;
        }

        return merged;
    }

    private static Document RandomDocument(Random random)
    {
        var attributes = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (AttributeSchema attribute in Schema.Attributes)
        {
            if (attribute.IsRequired || random.Next(3) > 0)
            {
                attributes[attribute.Name] = attribute.IsArray
                    ? AttributeValue.ArrayOf(attribute.Type, [.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomValue(attribute.Type, random))])
                    : RandomValue(attribute.Type, random);
            }
        }

        var sparse = new Dictionary<string, SparseVector>(StringComparer.Ordinal);
        foreach (SparseSchema vector in Schema.SparseVectors.Where(_ => random.Next(2) == 0))
        {
            sparse[vector.Name] = RandomVector(random);
        }
        return new Document
        {
            Id = 1,
            Attributes = attributes,
            Texts = random.Next(2) == 0 ? Title() : Title("text", RandomText(random)),
            SparseVectors = sparse,
        };
    }

    private static AttributeValue RandomValue(AttributeType type, Random random) => type switch
    {
        AttributeType.Keyword => AttributeValue.OfKeyword(RandomText(random)),
        AttributeType.Integer => AttributeValue.OfInteger(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64)),
        AttributeType.Float => AttributeValue.OfFloat((random.NextDouble() - 0.5) * 1e9),
        AttributeType.Bool => AttributeValue.OfBool(random.Next(2) == 0),
        AttributeType.Timestamp => AttributeValue.OfTimestamp(random.NextInt64(long.MinValue, long.MaxValue)),
        _ => AttributeValue.OfPlace(new GeoPoint((random.NextDouble() * 180) - 90, (random.NextDouble() * 360) - 180)),
    };

    private static string RandomText(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => char.ConvertFromUtf32(random.Next(4) switch
        {
            0 => random.Next(1, 128),
            1 => random.Next(128, 0x800),
            2 => random.Next(0x800, 0xD800),
            _ => random.Next(0x10000, 0x110000),
        })));

    private static void AssertHolds(Document document, ReadOnlySpan<byte> body, string where)
    {
        Assert.Equal(document.Attributes.ToDictionary(), DocumentBody.ReadAttributes(body, Schema, BodySelection.All).ToDictionary());
        Assert.Equal(document.Texts.ToDictionary(), DocumentBody.ReadTexts(body, Schema, BodySelection.All).ToDictionary());
        Assert.Equal(document.SparseVectors.ToDictionary(), DocumentBody.ReadSparseVectors(body, Schema, BodySelection.All).ToDictionary());
        for (int position = 0; position < Schema.Attributes.Count; position++)
        {
            AttributeValue expected = document.Attributes.GetValueOrDefault(Schema.Attributes[position].Name);
            AttributeValue stored = DocumentBody.Attributes(body).TryFind(position, out BodyAttribute found) ? found.ToValue() : AttributeValue.Null;
            Assert.True(expected.Equals(stored), $"{where}: attribute {position} is not {expected}");
        }

        for (int position = 0; position < Schema.Texts.Count; position++)
        {
            bool has = DocumentBody.Texts(body).TryFind(position, out BodyText found);
            Assert.Equal(document.Texts.TryGetValue(Schema.Texts[position].Name, out string? text), has);
            Assert.True(!has || found.ToValue() == text, $"{where}: text {position} differs");
        }
    }
}
