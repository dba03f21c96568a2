using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Oracles;

public sealed unsafe class GuardedMemoryTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4096, 64)]
    [InlineData(5000, 8)]
    public void TheBytesEndOrStartAtThePageBoundary(int length, int alignment)
    {
        using GuardedMemory before = GuardedMemory.BeforeGuard(length, alignment);
        using GuardedMemory after = GuardedMemory.AfterGuard(length);
        Assert.Equal(0, (long)(before.Pointer + length) % Environment.SystemPageSize);
        Assert.Equal(0, (long)before.Pointer % alignment);
        Assert.Equal(0, (long)after.Pointer % Environment.SystemPageSize);
        before.Span.Fill(1);
        after.Span.Fill(2);
        Assert.Equal(3, before.Span[^1] + after.Span[0]);
    }

    [Fact]
    public void ALengthThatCannotBeAlignedIsRefused() =>
        Assert.Throws<ArgumentException>(() => GuardedMemory.BeforeGuard(65, 64).Dispose());
}
