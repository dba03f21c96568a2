using Xunit;

namespace SearchEngine.Rpc.Tests.Wire;

public sealed class MetadataTests
{
    [Theory]
    [InlineData("", "v")]
    [InlineData("Upper", "v")]
    [InlineData("with space", "v")]
    [InlineData("grpc-timeout", "1S")]
    [InlineData("bytes-bin", "text")]
    [InlineData("key", "line\nbreak")]
    [InlineData("key", "ünicode")]
    public void TextThatNoHeaderCanHold_IsRefusedWhereItIsAdded(string key, string value) =>
        Assert.Throws<ArgumentException>(() => new Metadata().Add(key, value));

    [Fact]
    public void BytesNeedABinaryKey() => Assert.Throws<ArgumentException>(() => new Metadata().Add("key", new byte[1]));

    [Theory]
    [InlineData("AQID")]
    [InlineData("AQI=")]
    [InlineData("AQI")]
    [InlineData("AQ")]
    [InlineData("")]
    public void BinaryValue_IsReadWithAndWithoutPadding(string base64)
    {
        var metadata = new Metadata();
        metadata.AddReceived("Key-Bin", base64);
        Assert.Equal(base64.TrimEnd('='), Convert.ToBase64String(metadata.Bytes("key-bin")!.Value.Span).TrimEnd('='));
    }

    [Fact]
    public void SeveralBinaryValuesInOneHeader_AreSplit()
    {
        var metadata = new Metadata();
        metadata.AddReceived("key-bin", "AQ==, Ag,Aw==");
        Assert.Equal([1, 2, 3], metadata.Select(entry => (int)entry.Bytes.Span[0]));
    }

    [Fact]
    public void ToString_NeverShowsAValue()
    {
        var metadata = new Metadata { { "authorization", "secret-token" } };
        Assert.DoesNotContain("secret", metadata.ToString(), StringComparison.Ordinal);
    }
}
