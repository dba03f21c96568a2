using Google.Protobuf;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Calls;

/// <summary>What is noted of a call while it runs, for the logs: handlers fill in what they learn.</summary>
internal sealed class CallRecord
{
    /// <summary>The collection it is about, by its own name; empty when about none.</summary>
    public string Collection { get; set; } = "";

    /// <summary>The caller's.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>Points written, changed or deleted.</summary>
    public long Affected { get; set; }

    /// <summary>Points that were refused.</summary>
    public long Refused { get; set; }

    /// <summary>What was asked, where that helps to understand a slow call; its bytes are not to be read once the call has returned.</summary>
    public IMessage? Request { get; set; }

    /// <summary>The search it made last, when it made one.</summary>
    public (SearchOrder Order, SearchAnswer Answer)? Search { get; set; }
}
