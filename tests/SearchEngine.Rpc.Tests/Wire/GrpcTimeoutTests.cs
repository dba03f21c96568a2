using SearchEngine.Rpc.Wire;
using Xunit;

namespace SearchEngine.Rpc.Tests.Wire;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("600n", 6)]
    [InlineData("0n", 0)]
    [InlineData("99n", 0)]
    [InlineData("99999999S", 999_999_990_000_000L)]
    public void WellFormedTimeout_IsReadInItsUnit(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(text, out TimeSpan timeout), $"'{text}' was refused.");
        // A timer cannot wait longer than 24 days.
        Assert.Equal(Math.Min(ticks, TimeSpan.FromDays(24).Ticks), timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("-1S")]
    [InlineData("+1S")]
    [InlineData(" 1S")]
    [InlineData("1 S")]
    [InlineData("1.5S")]
    [InlineData("1s")]
    [InlineData("123456789S")]
    [InlineData("١S")]
    public void MalformedTimeout_IsRefused(string text) =>
        Assert.False(GrpcTimeout.TryParse(text, out _), $"'{text}' was accepted.");

    [Fact]
    public void Format_IsNeverShorterThanTheTimeout_NorLongerThanEightDigitsNeed()
    {
        var random = new Random(20_261_121);
        for (int i = 0; i < 20_000; i++)
        {
            var timeout = new TimeSpan((long)Math.Pow(10, random.NextDouble() * 13));
            Assert.True(GrpcTimeout.TryParse(GrpcTimeout.Format(timeout), out TimeSpan read), $"{timeout} became '{GrpcTimeout.Format(timeout)}', which cannot be read.");
            Assert.True(read >= timeout, $"{timeout} was announced as {read}: the server would give up before the client.");
            Assert.True((read - timeout).Ticks <= 10 + timeout.Ticks / 90_000, $"{timeout} was announced as {read}.");
        }
    }

    [Fact]
    public void Format_OfAPastDeadline_IsTheShortestTimeout() => Assert.Equal("1u", GrpcTimeout.Format(TimeSpan.FromSeconds(-5)));
}
