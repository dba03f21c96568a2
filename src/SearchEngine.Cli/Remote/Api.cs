using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc.Client;
using SearchEngine.Rpc.Health.V1;

namespace SearchEngine.Cli.Remote;

/// <summary>The methods that commands call, checked against the contract once.</summary>
internal static class Api
{
    public static readonly RpcMethod<Wire.CreateCollectionRequest, Wire.CreateCollectionReply> Create = Collections<Wire.CreateCollectionRequest, Wire.CreateCollectionReply>("Create");
    public static readonly RpcMethod<Wire.DescribeCollectionRequest, Wire.DescribeCollectionReply> Describe = Collections<Wire.DescribeCollectionRequest, Wire.DescribeCollectionReply>("Describe");
    public static readonly RpcMethod<Wire.ListCollectionsRequest, Wire.ListCollectionsReply> List = Collections<Wire.ListCollectionsRequest, Wire.ListCollectionsReply>("List");
    public static readonly RpcMethod<Wire.DeleteCollectionRequest, Wire.DeleteCollectionReply> DeleteCollection = Collections<Wire.DeleteCollectionRequest, Wire.DeleteCollectionReply>("Delete");
    public static readonly RpcMethod<Wire.SwitchAliasesRequest, Wire.SwitchAliasesReply> SwitchAliases = Collections<Wire.SwitchAliasesRequest, Wire.SwitchAliasesReply>("SwitchAliases");
    public static readonly RpcMethod<Wire.ListAliasesRequest, Wire.ListAliasesReply> ListAliases = Collections<Wire.ListAliasesRequest, Wire.ListAliasesReply>("ListAliases");
    public static readonly RpcMethod<Wire.CompactRequest, Wire.CompactFrame> Compact = Collections<Wire.CompactRequest, Wire.CompactFrame>("Compact");
    public static readonly RpcMethod<Wire.SnapshotRequest, Wire.SnapshotFrame> Snapshot = Collections<Wire.SnapshotRequest, Wire.SnapshotFrame>("Snapshot");
    public static readonly RpcMethod<Wire.ListSnapshotsRequest, Wire.ListSnapshotsReply> ListSnapshots = Collections<Wire.ListSnapshotsRequest, Wire.ListSnapshotsReply>("ListSnapshots");
    public static readonly RpcMethod<Wire.DeleteSnapshotRequest, Wire.DeleteSnapshotReply> DeleteSnapshot = Collections<Wire.DeleteSnapshotRequest, Wire.DeleteSnapshotReply>("DeleteSnapshot");
    public static readonly RpcMethod<Wire.RestoreRequest, Wire.RestoreFrame> Restore = Collections<Wire.RestoreRequest, Wire.RestoreFrame>("Restore");

    public static readonly RpcMethod<Wire.UpsertRequest, Wire.UpsertReply> Upsert = Points<Wire.UpsertRequest, Wire.UpsertReply>("Upsert");
    public static readonly RpcMethod<Wire.UploadRequest, Wire.UploadReply> Upload = Points<Wire.UploadRequest, Wire.UploadReply>("Upload");
    public static readonly RpcMethod<Wire.ScrollRequest, Wire.ScrollFrame> Scroll = Points<Wire.ScrollRequest, Wire.ScrollFrame>("Scroll");

    public static readonly RpcMethod<Wire.GetRequest, Wire.GetReply> Get = Points<Wire.GetRequest, Wire.GetReply>("Get");

    public static readonly RpcMethod<Wire.SearchRequest, Wire.SearchReply> Search = new(SearchService, "Search");
    public static readonly RpcMethod<Wire.RetrieveRequest, Wire.RetrieveFrame> Retrieve = new(SearchService, "Retrieve");
    public static readonly RpcMethod<Wire.DiagnoseRequest, Wire.DiagnoseReply> Diagnose = new(SearchService, "Diagnose");
    public static readonly RpcMethod<Wire.RerankRequest, Wire.RerankReply> Rerank = new(Wire.RerankReflection.Descriptor.Services.Single(), "Rerank");

    public static readonly RpcMethod<Wire.LoadJudgementsRequest, Wire.LoadJudgementsReply> LoadJudgements = Evaluation<Wire.LoadJudgementsRequest, Wire.LoadJudgementsReply>("LoadJudgements");
    public static readonly RpcMethod<Wire.DeleteJudgementsRequest, Wire.DeleteJudgementsReply> DeleteJudgements = Evaluation<Wire.DeleteJudgementsRequest, Wire.DeleteJudgementsReply>("DeleteJudgements");
    public static readonly RpcMethod<Wire.EvaluateRequest, Wire.EvaluateFrame> Evaluate = Evaluation<Wire.EvaluateRequest, Wire.EvaluateFrame>("Evaluate");
    public static readonly RpcMethod<Wire.SweepRequest, Wire.SweepFrame> Sweep = Evaluation<Wire.SweepRequest, Wire.SweepFrame>("Sweep");

    public static readonly RpcMethod<Wire.DescribeEncoderRequest, Wire.DescribeEncoderReply> DescribeEncoder = Encoder<Wire.DescribeEncoderRequest, Wire.DescribeEncoderReply>("Describe");
    public static readonly RpcMethod<Wire.EncodeRequest, Wire.EncodeReply> Encode = Encoder<Wire.EncodeRequest, Wire.EncodeReply>("Encode");

    public static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Health = new(HealthReflection.Descriptor.Services.Single(), "Check");

    private static ServiceDescriptor SearchService => Wire.SearchReflection.Descriptor.Services.Single();

    private static RpcMethod<TRequest, TReply> Collections<TRequest, TReply>(string name)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => new(Wire.CollectionsReflection.Descriptor.Services.Single(), name);

    private static RpcMethod<TRequest, TReply> Points<TRequest, TReply>(string name)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => new(Wire.PointsReflection.Descriptor.Services.Single(), name);

    private static RpcMethod<TRequest, TReply> Evaluation<TRequest, TReply>(string name)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => new(Wire.EvaluationReflection.Descriptor.Services.Single(), name);

    private static RpcMethod<TRequest, TReply> Encoder<TRequest, TReply>(string name)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply> => new(Wire.EncoderReflection.Descriptor.Services.Single(), name);
}
