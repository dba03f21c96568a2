using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Collections;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;

namespace SearchEngine.Server.Search;

/// <summary>Many searches in one call: each takes its turn at the desk and has its answer or its error in its place.</summary>
internal sealed class SearchBatch(SearchRunner runner, TextEncoder texts)
{
    private const int MaxBytes = 4 << 20;
    private const int ItemFraming = 16;

    public async ValueTask<Wire.SearchBatchReply> RunAsync(Wire.SearchBatchRequest request, CallContext context)
    {
        IReadOnlyList<Wire.SearchRequest> searches = Searches(request);
        BatchTexts encoded = await BatchTexts.EncodeAsync(searches, texts, context).ConfigureAwait(false);
        var reply = new Wire.SearchBatchReply();
        var cost = new Wire.Cost();
        int room = context.ReplyLimit - BareBatch(searches.Count);
        ulong sequence = 0;
        for (int i = 0; i < searches.Count; i++)
        {
            Wire.SearchBatchItem item = await AnswerAsync(searches[i], order => encoded.Fill(i, order), context, room).ConfigureAwait(false);
            room -= item.CalculateSize() + ItemFraming;
            sequence = Math.Max(sequence, item.Reply?.Header.SnapshotVersion ?? 0);
            Add(cost, item.Reply?.Header.Cost);
            reply.Items.Add(item);
        }
        reply.Header = context.ReplyHeader(sequence);
        reply.Header.Cost = cost;
        return reply;
    }

    private async ValueTask<Wire.SearchBatchItem> AnswerAsync(
        Wire.SearchRequest search, Func<SearchOrder, SearchOrder> fill, CallContext context, int room)
    {
        try
        {
            if (search.Header is not null)
            {
                throw Refusal.Invalid("header", "A search of a batch has a header of its own.", "Leave it unset; the batch's counts for all.");
            }
            SearchOrder order = fill(SearchMap.Read(search, context.Collection, context.Caller));
            SearchAnswer answer = await runner.RunAsync(order, context).ConfigureAwait(false);
            Wire.SearchReply reply = SearchReplies.Build(order, answer, context, room);
            reply.Header.Timings.TotalMicros = (uint)Math.Clamp(answer.Ticket.WaitedMicros + answer.Micros, 0, uint.MaxValue);
            return new Wire.SearchBatchItem { Reply = reply };
        }
        catch (RpcException failed)
        {
            return new Wire.SearchBatchItem { Error = ItemErrors.ToItem(failed) };
        }
        catch (CollectionException refused)
        {
            return new Wire.SearchBatchItem { Error = ItemErrors.ToItem(SearchErrors.Of(refused, context)) };
        }
    }

    private static IReadOnlyList<Wire.SearchRequest> Searches(Wire.SearchBatchRequest request)
    {
        if (request.Searches.Count > 0 && request.Queries is not null)
        {
            throw Refusal.Invalid("queries", "Both searches and queries are set.", "Send either searches, or shared with queries.");
        }
        if (request.CalculateSize() > MaxBytes)
        {
            throw Refusal.Limit("searches", request.CalculateSize(), MaxBytes, "bytes", "Send several batches, or a pipeline.");
        }
        IReadOnlyList<Wire.SearchRequest> searches = request.Queries is { } queries ? Rows(request.Shared ?? new Wire.SearchRequest(), queries) : request.Searches;
        return searches.Count is > 0 and <= SearchLimits.MaxBatchItems
            ? searches
            : throw (searches.Count == 0
                ? Refusal.Required("searches", "Send searches, or shared with queries.")
                : Refusal.Limit("searches", searches.Count, SearchLimits.MaxBatchItems, "searches", "Send several batches, or a pipeline."));
    }

    private static IReadOnlyList<Wire.SearchRequest> Rows(Wire.SearchRequest shared, Wire.MultiVector queries)
    {
        if (shared.SearchCase == Wire.SearchRequest.SearchOneofCase.Hybrid)
        {
            throw Refusal.Invalid("shared.hybrid", "The queries are rows of queries, each alone.", "Leave it unset, or send searches.");
        }
        if (shared.Query is { KindCase: not Wire.Query.KindOneofCase.None })
        {
            throw Refusal.Invalid("shared.query", "The queries are rows of queries; shared has one of its own.", "Leave all of shared.query but vector_name and origin unset.");
        }
        if (queries.Dimension is 0 or > VectorMap.MaxDimension)
        {
            throw Refusal.Of(
                Wire.ErrorReason.DimensionMismatch, "queries.dimension", "The dimension of the rows is not stated or not possible.", "Set the elements per row.",
                $"1 to {VectorMap.MaxDimension}", Refusal.Number(queries.Dimension));
        }
        int elementBytes = queries.ElementType switch { Wire.ElementType.Int8 => 1, Wire.ElementType.Float16 or Wire.ElementType.Bfloat16 => 2, _ => 4 };
        int dimension = (int)queries.Dimension, stride = queries.Data.Length > 0 ? dimension * elementBytes : dimension;
        int length = queries.Data.Length > 0 ? queries.Data.Length : queries.Values.Count;
        if ((queries.Data.Length > 0 && queries.Values.Count > 0) || length % stride != 0)
        {
            throw Refusal.Of(
                Wire.ErrorReason.VectorLength, "queries.data", "The rows are not whole, or both forms are set.", "Send whole rows in one form.",
                $"a multiple of {stride}", Refusal.Number(length)).With("element_type", queries.ElementType.ToString());
        }
        int rows = length / stride;
        return rows <= SearchLimits.MaxBatchItems
            ? [.. Enumerable.Range(0, rows).Select(row => Row(shared, queries, row, stride))]
            : throw Refusal.Limit("queries", rows, SearchLimits.MaxBatchItems, "rows", "Send several batches, or a pipeline.");
    }

    private static Wire.SearchRequest Row(Wire.SearchRequest shared, Wire.MultiVector queries, int row, int stride)
    {
        var vector = new Wire.Vector { ElementType = queries.ElementType, Dimension = queries.Dimension, Scale = queries.Scale };
        if (queries.Data.Length > 0)
        {
            vector.Data = UnsafeByteOperations.UnsafeWrap(queries.Data.Memory.Slice(row * stride, stride));
        }
        else
        {
            vector.Values.AddRange(queries.Values.Skip(row * stride).Take(stride));
        }
        Wire.SearchRequest search = Sharing(shared);
        search.Query = shared.Query?.Clone() ?? new Wire.Query();
        search.Query.Vector = vector;
        return search;
    }

    // Copies of a long filter would be a thousand times as long as what was sent; nobody changes its messages.
    private static Wire.SearchRequest Sharing(Wire.SearchRequest shared)
    {
        var search = new Wire.SearchRequest();
        foreach (FieldDescriptor field in Wire.SearchRequest.Descriptor.Fields.InFieldNumberOrder())
        {
            if (!field.HasPresence || field.Accessor.HasValue(shared))
            {
                field.Accessor.SetValue(search, field.Accessor.GetValue(shared));
            }
        }
        return search;
    }

    private static int BareBatch(int items) => 1_024 + ItemFraming * items;

    private static void Add(Wire.Cost sum, Wire.Cost? one)
    {
        if (one is not null)
        {
            sum.NodesVisited += one.NodesVisited;
            sum.RowsScored += one.RowsScored;
            sum.RowsRescored += one.RowsRescored;
            sum.CpuMicros += one.CpuMicros;
            sum.PredictedCpuMicros += one.PredictedCpuMicros;
        }
    }
}
