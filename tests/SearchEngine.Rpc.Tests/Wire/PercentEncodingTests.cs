using SearchEngine.Rpc.Wire;
using Xunit;

namespace SearchEngine.Rpc.Tests.Wire;

public sealed class PercentEncodingTests
{
    [Fact]
    public void Decode_UndoesEncode_ForTextOfEveryPlane()
    {
        var random = new Random(20_261_121);
        for (int i = 0; i < 5_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => RandomRune(random)));
            string encoded = PercentEncoding.Encode(text);
            Assert.True(encoded.All(c => c is >= ' ' and <= '~'), $"'{text}' was encoded as '{encoded}', which no header can hold.");
            Assert.Equal(text, PercentEncoding.Decode(encoded));
        }
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%zz", "%zz")]
    [InlineData("%4", "%4")]
    [InlineData("%41%", "A%")]
    [InlineData("plain", "plain")]
    public void Decode_KeepsWhatIsNoEscape(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));

    [Fact]
    public void Encode_EscapesLineBreaksAndThePercentSign() => Assert.Equal("a%0D%0Ab%25", PercentEncoding.Encode("a\r\nb%"));

    private static string RandomRune(Random random)
    {
        int value = random.Next(4) switch { 0 => random.Next(0x80), 1 => random.Next(0x800), 2 => random.Next(0xD800), _ => random.Next(0x10000, 0x110000) };
        return char.ConvertFromUtf32(value);
    }
}
