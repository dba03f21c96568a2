using SearchEngine.Cli.Remote;
using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Cli.Tests.Remote;

public sealed class ErrorReportTests
{
    [Fact]
    public void Refusal_ShowsReasonFieldLimitAndFixInOneOrder()
    {
        RpcException refused = new RpcException(StatusCode.InvalidArgument, "Too many hits.", "LIMIT_EXCEEDED")
            .With("fix", "Ask for fewer.").With("zeta", "z").With("limit", "10000").With("field", "k").RetryAfter(TimeSpan.FromSeconds(2));
        string[] lines = ErrorReport.Text(refused).Split('\n');
        Assert.Equal("LIMIT_EXCEEDED: Too many hits.", lines[0]);
        Assert.Equal(["field k", "limit 10000", "fix Ask for fewer.", "zeta z", "retry in 2 s"], lines[1..].Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public void ServerThatIsAway_ComesWithWhatToDo()
    {
        string text = ErrorReport.Text(new RpcException(StatusCode.Unavailable, "The connection failed."));
        Assert.Contains("searchengine serve", text, StringComparison.Ordinal);
    }
}
