using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Operations.Rechecks;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using SearchEngine.Server.Search.Shadow;

namespace SearchEngine.Server.Operations;

/// <summary>Told how each search ended: counts it, notes it for the logs, and takes some aside to be checked.</summary>
internal sealed class SearchWatch(SearchMetrics metrics, RecheckQueue rechecks, ShadowTaps shadows, TrafficQueries traffic)
{
    public void Answered(SearchOrder order, SearchAnswer answer, CallContext context)
    {
        context.Record.Search = (order, answer);
        metrics.Answered(context.Collection.Name, context.Lane == Wire.Lane.Bulk ? LaneKind.Bulk : LaneKind.Interactive, answer);
        rechecks.Consider(order, answer, context);
        traffic.Take(order, context);
        shadows.Show(answer, context);
    }

    public void Failed(Exception failure)
    {
        if (failure is RpcException refusal)
        {
            metrics.Refused(refusal);
        }
        else if (failure is OperationCanceledException)
        {
            metrics.Cancelled();
        }
    }
}
