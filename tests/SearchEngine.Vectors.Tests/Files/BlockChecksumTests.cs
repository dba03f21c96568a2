using System.Text;
using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

public sealed class BlockChecksumTests
{
    /// <summary>
    /// Values of the public XXH64 with seed 0: files stay readable for any other implementation of it.
    /// </summary>
    [Theory]
    [InlineData("", 0xef46db3751d8e999)]
    [InlineData("a", 0xd24ec4f1a98c6e5b)]
    [InlineData("abc", 0x44bc2cf5ad770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1)]
    public void EqualsThePublicAlgorithm(string text, ulong expected) =>
        Assert.Equal(expected, BlockChecksum.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void ChangesWithEveryByteOfEveryLength()
    {
        for (int length = 1; length <= 100; length++)
        {
            byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 37))];
            ulong sound = BlockChecksum.Of(data);
            for (int at = 0; at < length; at++)
            {
                data[at] ^= 0x10;
                Assert.True(sound != BlockChecksum.Of(data), $"Byte {at} of {length} has no influence on the checksum.");
                data[at] ^= 0x10;
            }
        }
    }

    [Fact]
    public void TheSeedChangesIt() => Assert.NotEqual(BlockChecksum.Of([1, 2, 3], 1), BlockChecksum.Of([1, 2, 3], 2));
}
