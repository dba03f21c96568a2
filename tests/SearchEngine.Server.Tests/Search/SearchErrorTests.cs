using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Every refusal of a search says code, reason, field and fix.</summary>
public sealed class SearchErrorTests
{
    public static TheoryData<string, StatusCode, string, string> Wrong() => new()
    {
        { "dimension", StatusCode.InvalidArgument, "DIMENSION_MISMATCH", "query.vector" },
        { "length", StatusCode.InvalidArgument, "VECTOR_LENGTH", "query.vector.data" },
        { "nan", StatusCode.InvalidArgument, "VECTOR_NOT_FINITE", "query.vector" },
        { "zero", StatusCode.InvalidArgument, "VECTOR_ZERO", "query.vector" },
        { "vector name", StatusCode.InvalidArgument, "VECTOR_UNKNOWN", "query.vector_name" },
        { "no query", StatusCode.InvalidArgument, "FIELD_REQUIRED", "query" },
        { "no header", StatusCode.InvalidArgument, "FIELD_REQUIRED", "header" },
        { "collection", StatusCode.NotFound, "COLLECTION_UNKNOWN", "header.collection" },
        { "side", StatusCode.FailedPrecondition, "SIDE_MISMATCH", "query.origin.side" },
        { "k", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "k" },
        { "window", StatusCode.OutOfRange, "WINDOW", "offset" },
        { "breadth", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "accuracy.breadth" },
        { "target", StatusCode.InvalidArgument, "FIELD_INVALID", "accuracy.target_recall" },
        { "oversampling", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "walk.oversampling" },
        { "walk dimension", StatusCode.InvalidArgument, "DIMENSION_NOT_ALLOWED", "walk.walk_dimension" },
        { "min score", StatusCode.InvalidArgument, "FIELD_INVALID", "min_score" },
        { "filter field", StatusCode.InvalidArgument, "FILTER_FIELD", "filter.must[0]" },
        { "filter type", StatusCode.InvalidArgument, "FILTER_TYPE", "filter.must[0]" },
        { "field", StatusCode.InvalidArgument, "ATTRIBUTE_UNKNOWN", "fields.attributes[0]" },
        { "text", StatusCode.FailedPrecondition, "ENCODER_NONE", "query.text.text" },
        { "sparse", StatusCode.InvalidArgument, "VECTOR_UNKNOWN", "query.vector_name" },
        { "multi", StatusCode.InvalidArgument, "VECTOR_UNKNOWN", "query.vector_name" },
        { "no words", StatusCode.InvalidArgument, "TEXT_EMPTY", "query.lexical.text" },
        { "many words", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "query.lexical.text" },
        { "long words", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "query.lexical.text" },
        { "control character", StatusCode.InvalidArgument, "TEXT_ENCODING", "query.lexical.text" },
        { "unknown text field", StatusCode.InvalidArgument, "ATTRIBUTE_UNKNOWN", "query.lexical.fields[0].text_field" },
        { "unindexed text field", StatusCode.InvalidArgument, "FIELD_INVALID", "query.lexical.fields[0].text_field" },
        { "text field twice", StatusCode.InvalidArgument, "FIELD_INVALID", "query.lexical.fields[1].text_field" },
        { "text field weight", StatusCode.InvalidArgument, "FIELD_INVALID", "query.lexical.fields[0].weight" },
        { "walk by words", StatusCode.InvalidArgument, "FIELD_INVALID", "walk" },
        { "vector of words", StatusCode.InvalidArgument, "FIELD_INVALID", "query.vector_name" },
        { "no components", StatusCode.InvalidArgument, "FIELD_REQUIRED", "hybrid.components" },
        { "many components", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "hybrid.components" },
        { "component without a query", StatusCode.InvalidArgument, "FIELD_REQUIRED", "hybrid.components[1].query" },
        { "component dimension", StatusCode.InvalidArgument, "DIMENSION_MISMATCH", "hybrid.components[1].query.vector" },
        { "component of zeros", StatusCode.InvalidArgument, "VECTOR_ZERO", "hybrid.components[1].query.vector" },
        { "component sparse", StatusCode.InvalidArgument, "VECTOR_UNKNOWN", "hybrid.components[1].query.vector_name" },
        { "component weight", StatusCode.InvalidArgument, "FIELD_INVALID", "hybrid.components[1].weight" },
        { "component candidates", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "hybrid.components[1].candidates" },
        { "component names", StatusCode.InvalidArgument, "FIELD_INVALID", "hybrid.components[1].name" },
        { "hybrid threshold", StatusCode.InvalidArgument, "THRESHOLD_NOT_MEANINGFUL", "min_score" },
        { "hybrid window", StatusCode.OutOfRange, "WINDOW", "offset" },
        { "hybrid walk dimension", StatusCode.InvalidArgument, "DIMENSION_NOT_ALLOWED", "walk.walk_dimension" },
        { "rank constant", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "hybrid.fusion.reciprocal_rank.rank_constant" },
        { "group attribute", StatusCode.InvalidArgument, "FIELD_REQUIRED", "grouping.attribute" },
        { "unknown group attribute", StatusCode.InvalidArgument, "FILTER_FIELD", "grouping.attribute" },
        { "long group attribute", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "grouping.attribute" },
        { "hits per group", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "grouping.hits_per_group" },
        { "many groups", StatusCode.OutOfRange, "WINDOW", "grouping.hits_per_group" },
        { "diversity and groups", StatusCode.InvalidArgument, "FIELD_INVALID", "diversity" },
        { "diversity of words", StatusCode.InvalidArgument, "FIELD_INVALID", "diversity" },
        { "strength", StatusCode.InvalidArgument, "FIELD_INVALID", "diversity.strength" },
        { "few candidates", StatusCode.InvalidArgument, "FIELD_INVALID", "diversity.candidates" },
        { "many candidates", StatusCode.InvalidArgument, "LIMIT_EXCEEDED", "diversity.candidates" },
        { "late interaction", StatusCode.InvalidArgument, "VECTOR_UNKNOWN", "late_interaction.vector_name" },
        { "rescoring", StatusCode.InvalidArgument, "FIELD_INVALID", "walk.rescoring" },
        { "rescoring of exact", StatusCode.InvalidArgument, "FIELD_INVALID", "walk.rescoring" },
        { "passage", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "fields.details" },
        { "tenant", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "header.tenant" },
        { "point", StatusCode.NotFound, "POINT_UNKNOWN", "query.id" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Wrong_search_is_refused_with_code_reason_field_and_fix(string what, StatusCode code, string reason, string field)
    {
        await using SearchHost host = await SearchHost.StartAsync(20);
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(new Random(1)));
        Spoil(request, what);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => host.SearchAsync(request));
        Assert.Equal((code, reason), (refused.Code, refused.Reason));
        Assert.Equal("searchengine.v1", refused.Domain);
        Assert.StartsWith(field, refused.Facts["field"], StringComparison.Ordinal);
        Assert.NotEmpty(refused.Facts["fix"]);
        if (code == StatusCode.InvalidArgument)
        {
            Assert.StartsWith(field, Assert.Single(refused.FieldViolations).Field, StringComparison.Ordinal);
        }
    }

    private static void Spoil(Wire.SearchRequest request, string what)
    {
        switch (what)
        {
            case "dimension": request.Query.Vector = SearchHost.Vector(new float[31]); break;
            case "length": request.Query.Vector.Data = Google.Protobuf.ByteString.CopyFrom(new byte[127]); break;
            case "nan": request.Query.Vector = SearchHost.Vector([.. Enumerable.Repeat(float.NaN, SearchHost.Dimension)]); break;
            case "zero": request.Query.Vector = SearchHost.Vector(new float[SearchHost.Dimension]); break;
            case "vector name": request.Query.VectorName = "other"; break;
            case "no query": request.ClearSearch(); break;
            case "no header": request.Header = null; break;
            case "collection": request.Header.Collection = "others"; break;
            case "side": request.Query.Origin = new Wire.VectorOrigin { Side = Wire.Side.Document }; break;
            case "k": request.K = 10_001; break;
            case "window": request.Offset = 49_991; break;
            case "breadth": request.Accuracy = new Wire.Accuracy { Breadth = 4_097 }; break;
            case "target": request.Accuracy = new Wire.Accuracy { TargetRecall = 1 }; break;
            case "oversampling": request.Walk = new Wire.WalkOptions { Oversampling = 65 }; break;
            case "walk dimension": request.Walk = new Wire.WalkOptions { WalkDimension = 8 }; break;
            case "min score": request.MinScore = float.NaN; break;
            case "filter field": request.Filter = SearchHost.Topic("t1"); request.Filter.Must[0].EqualTo.Attribute = "colour"; break;
            case "filter type": request.Filter = SearchHost.Topic("t1"); request.Filter.Must[0].EqualTo.Attribute = "year"; break;
            case "field": request.Fields = new Wire.ReturnFields { Attributes = { "colour" } }; break;
            case "text": request.Query = new Wire.Query { Text = new Wire.TextQuery { Text = "cats" } }; break;
            case "sparse": request.Query = new Wire.Query { Sparse = new Wire.SparseVector() }; break;
            case "multi": request.Query = new Wire.Query { Multi = new Wire.MultiVector() }; break;
            case "no words": request.Query = SearchHost.Lexical(""); break;
            case "many words": request.Query = SearchHost.Lexical(string.Join(' ', Enumerable.Range(0, 257))); break;
            case "long words": request.Query = SearchHost.Lexical(new string('x', 32_769)); break;
            case "control character": request.Query = SearchHost.Lexical("a\0b"); break;
            case "unknown text field": request.Query = InFields("title"); break;
            case "unindexed text field": request.Query = InFields("note"); break;
            case "text field twice": request.Query = InFields("body", "body"); break;
            case "text field weight": request.Query = InFields("body"); request.Query.Lexical.Fields[0].Weight = -1; break;
            case "walk by words": request.Query = SearchHost.Lexical("w1"); request.Walk = new Wire.WalkOptions { Oversampling = 2 }; break;
            case "vector of words": request.Query = SearchHost.Lexical("w1"); request.Query.VectorName = "default"; break;
            case "no components": request.Hybrid = new Wire.HybridQuery(); break;
            case "many components": request.Hybrid = new Wire.HybridQuery { Components = { Enumerable.Repeat(WordsOf("w1"), 9) } }; break;
            case "component without a query": request.Hybrid = With(new Wire.Component()); break;
            case "component dimension": request.Hybrid = With(VectorOf(new float[31])); break;
            case "component of zeros": request.Hybrid = With(VectorOf(new float[SearchHost.Dimension])); break;
            case "component sparse": request.Hybrid = With(new Wire.Component { Query = new Wire.Query { Sparse = new Wire.SparseVector() } }); break;
            case "component weight": request.Hybrid = With(new Wire.Component(WordsOf("w1")) { Weight = 1_001 }); break;
            case "component candidates": request.Hybrid = With(new Wire.Component(WordsOf("w1")) { Candidates = 10_001 }); break;
            case "component names": request.Hybrid = With(new Wire.Component(WordsOf("w1")) { Name = "lexical" }); break;
            case "hybrid threshold": request.Hybrid = With(WordsOf("w1")); request.MinScore = 0.1f; break;
            case "hybrid window": request.Hybrid = With(WordsOf("w1")); request.Offset = 9_991; break;
            case "hybrid walk dimension": request.Hybrid = With(VectorOf(SearchHost.Values(new Random(2)))); request.Walk = new Wire.WalkOptions { WalkDimension = 8 }; break;
            case "rank constant":
                request.Hybrid = With(WordsOf("w1"));
                request.Hybrid.Fusion = new Wire.Fusion { ReciprocalRank = new Wire.ReciprocalRankFusion { RankConstant = 10_001 } };
                break;
            case "group attribute": request.Grouping = new Wire.Grouping(); break;
            case "unknown group attribute": request.Grouping = new Wire.Grouping { Attribute = "nothing" }; break;
            case "long group attribute": request.Grouping = new Wire.Grouping { Attribute = new string('x', 100_000) }; break;
            case "hits per group": request.Grouping = new Wire.Grouping { Attribute = "topic", HitsPerGroup = 101 }; break;
            case "many groups": (request.K, request.Grouping) = (200, new Wire.Grouping { Attribute = "topic", HitsPerGroup = 51 }); break;
            case "diversity and groups": (request.Diversity, request.Grouping) = (new Wire.Diversity(), new Wire.Grouping { Attribute = "topic" }); break;
            case "diversity of words": (request.Diversity, request.Query) = (new Wire.Diversity(), SearchHost.Lexical("w1")); break;
            case "strength": request.Diversity = new Wire.Diversity { Strength = float.NaN }; break;
            case "few candidates": request.Diversity = new Wire.Diversity { Candidates = 9 }; break;
            case "many candidates": request.Diversity = new Wire.Diversity { Candidates = 10_001 }; break;
            case "late interaction": request.LateInteraction = new Wire.LateInteraction(); break;
            case "rescoring": request.Walk = new Wire.WalkOptions { Rescoring = Wire.Rescoring.None, Oversampling = 2 }; break;
            case "rescoring of exact":
                request.Walk = new Wire.WalkOptions { Rescoring = Wire.Rescoring.None };
                request.Accuracy = new Wire.Accuracy { Exact = new Wire.Exact() };
                break;
            case "passage": request.Fields = new Wire.ReturnFields { Details = { Wire.Detail.Passage } }; break;
            case "tenant": request.Header.Tenant = "acme"; break;
            case "point": request.Query = new Wire.Query { Id = new Wire.Id { Number = 21 } }; break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, "no such mistake");
        }
    }

    private static Wire.Query InFields(params string[] fields)
    {
        Wire.Query query = SearchHost.Lexical("w1");
        query.Lexical.Fields.Add(fields.Select(static f => new Wire.WeightedField { TextField = f }));
        return query;
    }

    private static Wire.Component WordsOf(string words) => new() { Query = SearchHost.Lexical(words) };

    private static Wire.Component VectorOf(float[] values) => new() { Query = new Wire.Query { Vector = SearchHost.Vector(values) } };

    private static Wire.HybridQuery With(Wire.Component second) => new() { Components = { WordsOf("w1"), second } };
}
