using Google.Protobuf;
using Xunit;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Batches whose queries are rows.</summary>
public sealed class SearchBatchRowsTests
{
    [Fact]
    public async Task Rows_beyond_the_limit_are_counted_before_searches_are_made_of_them()
    {
        await using SearchHost host = await SearchHost.StartAsync(20);
        Wire.SearchBatchRequest batch = Batch(rows: 3 << 20);
        batch.Queries.Dimension = 1;
        batch.Queries.ElementType = Wire.ElementType.Int8;
        // Under the field of the rows: as searches, they would all have been made by then.
        await RunningServer.RefusedAsync(
            () => host.Channel.UnaryAsync(SearchHost.Batch, batch, cancellation: TestContext.Current.CancellationToken), Wire.ErrorReason.LimitExceeded, "queries");
    }

    [Fact]
    public async Task Shared_hybrid_query_is_refused_and_not_left_out_in_silence()
    {
        await using SearchHost host = await SearchHost.StartAsync(20);
        Wire.SearchBatchRequest batch = Batch(rows: 4 * SearchHost.Dimension);
        batch.Shared = new Wire.SearchRequest { Hybrid = new Wire.HybridQuery { Components = { new Wire.Component { Query = SearchHost.Lexical("w1") } } } };
        await RunningServer.RefusedAsync(
            () => host.Channel.UnaryAsync(SearchHost.Batch, batch, cancellation: TestContext.Current.CancellationToken), Wire.ErrorReason.FieldInvalid, "shared.hybrid");
    }

    private static Wire.SearchBatchRequest Batch(int rows) => new()
    {
        Header = Api.Header(SearchHost.Name),
        Queries = new Wire.MultiVector { Dimension = SearchHost.Dimension, Data = ByteString.CopyFrom(new byte[rows]) },
    };
}
