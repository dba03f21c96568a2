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
        { "sparse", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "query.sparse" },
        { "multi", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "query.multi" },
        { "lexical", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "query.lexical" },
        { "hybrid", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "hybrid" },
        { "grouping", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "grouping" },
        { "diversity", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "diversity" },
        { "late interaction", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "late_interaction" },
        { "rescoring", StatusCode.Unimplemented, "FIELD_NOT_SERVED", "walk.rescoring" },
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
            case "lexical": request.Query = new Wire.Query { Lexical = new Wire.LexicalQuery { Text = "cats" } }; break;
            case "hybrid": request.Hybrid = new Wire.HybridQuery(); break;
            case "grouping": request.Grouping = new Wire.Grouping { Attribute = "topic" }; break;
            case "diversity": request.Diversity = new Wire.Diversity(); break;
            case "late interaction": request.LateInteraction = new Wire.LateInteraction(); break;
            case "rescoring": request.Walk = new Wire.WalkOptions { Rescoring = Wire.Rescoring.None }; break;
            case "passage": request.Fields = new Wire.ReturnFields { Details = { Wire.Detail.Passage } }; break;
            case "tenant": request.Header.Tenant = "acme"; break;
            case "point": request.Query = new Wire.Query { Id = new Wire.Id { Number = 21 } }; break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, "no such mistake");
        }
    }
}
