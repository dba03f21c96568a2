using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SearchEngine.Server.Tests.Robustness;

/// <summary>A valid request of every method: written by hand where much hangs on it, otherwise with its header alone.</summary>
internal static class RequestSamples
{
    public static readonly FileDescriptor[] Files =
    [
        Wire.CollectionsReflection.Descriptor, Wire.PointsReflection.Descriptor, Wire.SearchReflection.Descriptor,
        Wire.RerankReflection.Descriptor, Wire.AdminReflection.Descriptor,
    ];

    private static readonly Dictionary<string, IMessage> Known = new IMessage[]
    {
        new Wire.CreateCollectionRequest { Header = Api.Header("made"), Config = Api.Config() },
        new Wire.UpdateCollectionRequest
        {
            Header = Api.Header("docs"),
            Settings = new Wire.CollectionSettings { Accuracy = new Wire.Accuracy { TargetRecall = 0.9f }, AckLevel = Wire.AckLevel.Memory },
            AddAttributes = { new Wire.AttributeSchema { Name = "more", Type = Wire.AttributeType.Bool } },
        },
        new Wire.SwitchAliasesRequest { Actions = { new Wire.AliasAction { Alias = "live", Collection = "docs" } } },
        new Wire.SnapshotRequest { Header = Api.Header("docs"), Name = "s" },
        new Wire.RestoreRequest { Header = Api.Header("again"), Snapshot = new Wire.SnapshotName { Collection = "docs", Name = "s" } },
        new Wire.UpsertRequest { Header = Api.Header("docs"), Points = { Api.Point(1), Api.Point(300) } },
        new Wire.UploadRequest { Header = new Wire.UploadHeader { Header = Api.Header("docs"), ResumeKey = "k" } },
        new Wire.UpdateAttributesRequest
        {
            Header = Api.Header("docs"),
            Points = new Wire.PointSelector { Ids = new Wire.IdSet { Numbers = { 1, 2 } } },
            Attributes = { ["year"] = new Wire.Value { IntegerValue = 1 } },
        },
        new Wire.DeleteRequest { Header = Api.Header("docs"), Points = new Wire.PointSelector { Filter = Api.Topic("dogs") } },
        new Wire.GetRequest { Header = Api.Header("docs"), Ids = { new Wire.Id { Number = 1 }, new Wire.Id { Text = "a" } }, Fields = Everything },
        new Wire.CountRequest { Header = Api.Header("docs"), Filter = Deep },
        new Wire.ScrollRequest { Header = Api.Header("docs"), Filter = Deep, Fields = Everything, BatchSize = 7, Slice = new Wire.ScrollSlice { Index = 1, Count = 2 } },
        Search,
        new Wire.SearchStreamRequest { Search = Search, Form = Wire.StreamForm.Delta },
        new Wire.SearchBatchRequest { Header = Api.Header("docs"), Searches = { new Wire.SearchRequest { Query = Search.Query, K = 3 } } },
        new Wire.PipelineRequest { CallId = 7, Search = Search },
        new Wire.ExplainRequest { Search = Search, Id = new Wire.Id { Number = 3 } },
    }.ToDictionary(static m => m.Descriptor.FullName, StringComparer.Ordinal);

    private static Wire.ReturnFields Everything => new() { Attributes = { "*" }, Texts = { "*" }, Vectors = { "*" }, Details = { Wire.Detail.Version } };

    private static Wire.Filter Deep => new()
    {
        Must = { new Wire.Condition { Filter = new Wire.Filter { Should = { Api.Topic("cats").Must[0], new Wire.Condition { Exists = new Wire.ExistsCondition { Attribute = "year" } } } } } },
        MustNot = { new Wire.Condition { Range = new Wire.RangeCondition { Attribute = "year", Above = new Wire.Value { IntegerValue = 2010 } } } },
    };

    private static Wire.SearchRequest Search => new()
    {
        Header = Api.Header("docs"),
        Query = new Wire.Query { Vector = new Wire.Vector { Data = ByteString.CopyFrom([0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64]) } },
        K = 5,
        Filter = Deep,
        Accuracy = new Wire.Accuracy { Breadth = 50 },
        Fields = Everything,
        MinScore = -1,
        Budget = new Wire.Budget { TimeMicros = 1_000_000, OnExpiry = Wire.PartialPolicy.Allow },
    };

    /// <summary>Bytes of the message.</summary>
    public static byte[] Of(MethodDescriptor method)
    {
        if (Known.TryGetValue(method.InputType.FullName, out IMessage? known))
        {
            return known.ToByteArray();
        }
        IMessage plain = method.InputType.Parser.ParseFrom([]);
        if (method.InputType.FindFieldByName("header") is { FieldType: FieldType.Message } header && header.MessageType == Wire.RequestHeader.Descriptor)
        {
            header.Accessor.SetValue(plain, Api.Header("docs"));
        }
        return plain.ToByteArray();
    }
}
