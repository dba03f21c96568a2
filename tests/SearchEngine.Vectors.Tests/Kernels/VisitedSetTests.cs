using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

public sealed unsafe class VisitedSetTests
{
    [Fact]
    public void AnOrdinalIsTakenOncePerSearchAcrossEpochWrap()
    {
        using var visited = new VisitedSet(100);
        uint* row = stackalloc uint[4] { 7, 7, 99, 100 };
        uint* target = stackalloc uint[4];
        for (int search = 0; search < 600; search++)
        {
            visited.Clear();
            int taken = visited.Take(row, 4, target);
            Assert.True(taken == 2 && target[0] == 7 && target[1] == 99, $"search {search}: {taken} taken; marks of an older search survived the wrap");
            Assert.Equal(0, visited.Take(row, 4, target));
        }
    }

    [Fact]
    public void OrdinalsOutOfRangeCountAsPadding()
    {
        using var visited = new VisitedSet(10);
        visited.Clear();
        uint* row = stackalloc uint[4] { uint.MaxValue, 11, 0x80000000, 3 };
        uint* target = stackalloc uint[4];
        Assert.Equal(1, visited.Take(row, 4, target));
        Assert.Equal(3u, target[0]);
    }
}
