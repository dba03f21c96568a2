using SearchEngine.Encoder.Batching;
using SearchEngine.Encoder.Loading;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Inference;
using SearchEngine.Models.Tokenizers;

namespace SearchEngine.Encoder.Calls;

/// <summary>How the texts of a call or stream are encoded: its options, checked against the model once.</summary>
internal sealed record EncodePlan
{
    private EncodePlan(LoadedModel model) => Model = model;

    public LoadedModel Model { get; }

    public EncoderSide Side { get; private init; }

    public string Task { get; private init; } = "";

    public EncodeBatchOptions Options { get; private init; }

    public Wire.ElementType ElementType { get; private init; }

    /// <summary>Null where texts are cut into chunks.</summary>
    public TruncationPolicy? Truncation { get; private init; }

    public ChunkPlan? Chunks { get; private init; }

    /// <summary>UTF-8 bytes of a text.</summary>
    public int MaxTextBytes => Side == EncoderSide.Query ? TextLimits.QueryBytes : TextLimits.DocumentBytes;

    public BatchGroup Group => new(Model.Pace, Options);

    public static EncodePlan Read(ModelShelf shelf, Wire.EncodeOptions? options, string path)
    {
        options ??= new Wire.EncodeOptions();
        var model = shelf.Require(options.Model, Wire.ModelPurpose.Encode, $"{path}.model");
        var side = SideRules.Read(model, options.Side, $"{path}.side");
        SideRules.CheckTask(model, side, options.Task, $"{path}.task");
        var isChunked = options.Truncation == Wire.Truncation.Chunk;
        if (!isChunked && options.Chunking is not null)
            throw Refusal.Invalid($"{path}.chunking", "Chunks are described and not asked for.", "Set truncation to CHUNK, or leave chunking unset.");
        return new EncodePlan(model)
        {
            Side = side,
            Task = options.Task,
            Options = new EncodeBatchOptions
            {
                Outputs = OutputRules.Read(model, options.Outputs, $"{path}.outputs"),
                Dimension = OutputRules.ReadDimension(model, options.Dimension, $"{path}.dimension"),
                Determinism = OutputRules.ReadDeterminism(options.Determinism, $"{path}.determinism"),
            },
            ElementType = OutputRules.ReadElementType(options.ElementType, $"{path}.element_type"),
            Truncation = isChunked ? null : OutputRules.ReadTruncation(options.Truncation, $"{path}.truncation"),
            Chunks = isChunked ? ChunkPlan.Read(model, side, options.Task, options.Chunking, $"{path}.chunking") : null,
        };
    }

    /// <summary>
    /// The lane of a call's texts: bulk where the caller says so, else what a search waits for goes first. A symmetric model cannot tell,
    /// and what is sent without a lane is taken for queries.
    /// </summary>
    /// <param name="side">Of the texts.</param>
    /// <param name="asked">As in the header.</param>
    public static LaneKind CallLane(EncoderSide side, Wire.Lane asked) =>
        asked == Wire.Lane.Bulk ? LaneKind.Bulk
        : side != EncoderSide.Document ? LaneKind.Query
        : LaneKind.Rerank;

    /// <summary>The lane of a stream's texts: nobody streams the query that a search waits for, unless it is said to be one.</summary>
    /// <param name="side">Of the texts.</param>
    /// <param name="asked">As in the header.</param>
    public static LaneKind StreamLane(EncoderSide side, Wire.Lane asked) =>
        asked == Wire.Lane.Bulk ? LaneKind.Bulk
        : side == EncoderSide.Query ? LaneKind.Query
        : asked == Wire.Lane.Interactive ? LaneKind.Rerank
        : LaneKind.Bulk;
}
