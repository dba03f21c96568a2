using SearchEngine.Testing.Vectors;
using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

public sealed unsafe class AcceptBitsTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(20)]
    [InlineData(32)]
    [InlineData(64)]
    public void ALinkRowIsSplitAsOneLinkAtATimeWouldBe(int width)
    {
        const int Rows = 320;
        var random = new CounterRandom(8, 15, (ulong)width);
        var words = new ulong[(Rows + 63) / 64];
        var row = new uint[width];
        var taken = new uint[width + 16];
        var others = new uint[width + 16];
        for (int round = 0; round < 500; round++)
        {
            double share = random.Uniform();
            Array.Clear(words);
            for (int i = 0; i < Rows; i++)
            {
                words[i / 64] |= random.Uniform() < share ? 1ul << (i % 64) : 0;
            }
            for (int i = 0; i < width; i++)
            {
                // Some links are padding, some come from a damaged row.
                double what = random.Uniform();
                row[i] = what < 0.1 ? Rows : what < 0.15 ? uint.MaxValue - (uint)i : (uint)(random.Uniform() * Rows);
            }
            var accept = new AcceptBits(words);
            uint[] accepted = [.. row.Where(o => o < Rows && (words[o / 64] >> (int)(o % 64) & 1) != 0)];
            uint[] rejected = [.. row.Where(o => o < Rows && (words[o / 64] >> (int)(o % 64) & 1) == 0)];
            fixed (uint* links = row, yes = taken, no = others)
            {
                int found = accept.Split(links, width, Rows, yes, no, out int rest);
                Assert.Equal(accepted, taken[..found]);
                Assert.Equal(rejected, others[..rest]);
                Assert.Equal(accepted, taken[..accept.Select(links, width, Rows, yes)]);
            }
            Assert.Equal(accepted.Length, accept.Count(row, Rows, out int rows));
            Assert.Equal(accepted.Length + rejected.Length, rows);
        }
    }
}
