using Google.Protobuf;
using Xunit;

namespace SearchEngine.Rpc.Tests.Wire;

public sealed class RpcExceptionTests
{
    [Fact]
    public void EveryDetail_SurvivesTheTrailer()
    {
        RpcException sent = new RpcException(StatusCode.InvalidArgument, "The vector has 384 elements.", "DIMENSION_MISMATCH")
            .With("expected", "768").With("actual", "384")
            .Field("query.vector.dimension", "must be 768")
            .Quota("key:42", "1,000 searches a second")
            .RetryAfter(TimeSpan.FromMilliseconds(250));
        Google.Rpc.Status rich = sent.ToRichStatus("searchengine.v1")!;

        RpcException received = RpcException.FromTrailers(StatusCode.InvalidArgument, sent.Message, rich.ToByteArray(), new Metadata());

        Assert.Equal(("DIMENSION_MISMATCH", "searchengine.v1"), (received.Reason, received.Domain));
        Assert.Equal("768", received.Facts["expected"]);
        Assert.Equal("query.vector.dimension", Assert.Single(received.FieldViolations).Field);
        Assert.Equal("key:42", Assert.Single(received.QuotaViolations).Subject);
        Assert.Equal(TimeSpan.FromMilliseconds(250), received.RetryDelay);
    }

    [Fact]
    public void UnreadableDetails_DoNotHideTheStatus()
    {
        RpcException received = RpcException.FromTrailers(StatusCode.NotFound, "Nothing there.", new byte[] { 0xff, 0xff }, new Metadata());
        Assert.Equal(StatusCode.NotFound, received.Code);
        Assert.StartsWith("Nothing there.", received.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StatusWithoutDetails_SendsNone() => Assert.Null(new RpcException(StatusCode.NotFound, "Nothing there.").ToRichStatus("searchengine.v1"));

    [Fact]
    public void OkIsNoError() => Assert.Throws<ArgumentOutOfRangeException>(() => new RpcException(StatusCode.Ok, "fine"));
}
