using System.Threading.Channels;
using Google.Protobuf;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Search.Shadow;

/// <summary>A share of one collection's live searches, as they are answered. What nobody has taken yet is bounded; more is let go.</summary>
internal sealed class ShadowTap(string collection, double share)
{
    private const int MostWaiting = 64;

    // Multiples of the golden ratio are spread evenly and repeat with nothing that callers do.
    private const ulong GoldenStep = 0x9E37_79B9_7F4A_7C15;

    private readonly Channel<ShadowedSearch> _searches = Channel.CreateBounded<ShadowedSearch>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly ulong _below = share >= 1 ? ulong.MaxValue : (ulong)(share * ulong.MaxValue);
    private ulong _count;

    public ChannelReader<ShadowedSearch> Searches => _searches.Reader;

    public void Show(SearchAnswer answer, CallContext context)
    {
        // Searches of a pipeline or batch share one record of what was asked.
        if (context.Collection.Name != collection || context.Call.Method.Descriptor.IsClientStreaming || !answer.Result.IsComplete || answer.Groups is not null || answer.Ranks is not null
            || Asked(context) is not { } search || Interlocked.Increment(ref _count) * GoldenStep > _below)
        {
            return;
        }
        // The request lies in the call's buffer, which serves another call soon; so it is copied whole, and only where there is room.
        if (_searches.Reader.Count < MostWaiting)
        {
            _searches.Writer.TryWrite(new ShadowedSearch(
                Wire.SearchRequest.Parser.ParseFrom(search.ToByteArray()), context.Caller.Injected, answer.Result.Hits, answer.Micros));
        }
    }

    private static Wire.SearchRequest? Asked(CallContext context) => context.Record.Request switch
    {
        Wire.SearchRequest search => search,
        Wire.SearchStreamRequest stream => stream.Search,
        _ => null,
    };
}
