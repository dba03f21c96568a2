using SearchEngine.Vectors.Kernels;
using Xunit;

namespace SearchEngine.Vectors.Tests.Kernels;

public sealed class FlowQueueTests
{
    [Fact]
    public void RowsLeaveInOrderOfArrivalWhateverTheInterleaving()
    {
        using var queue = new FlowQueue();
        uint next = 0, expected = 0;
        for (int round = 0; round < 2_000; round++)
        {
            for (int i = 0; i < round % 23; i++)
            {
                queue.Append(next++);
            }
            while (queue.Count > round % 5)
            {
                RowGroup four = queue.TakeFour(out int taken);
                for (int i = 0; i < 4; i++)
                {
                    Assert.Equal(i < taken ? expected + (uint)i : expected + (uint)taken - 1, four[i]);
                }
                expected += (uint)taken;
            }
        }
        Assert.Equal(next - (uint)queue.Count, expected);
    }

    [Fact]
    public void OnlyUnvisitedRowsStayBehindAPosition()
    {
        using var queue = new FlowQueue();
        using var visited = new VisitedSet(100);
        visited.Clear();
        visited.Add(7);
        foreach (uint row in new uint[] { 7, 8, 7, 9, 8, 10 })
        {
            queue.Append(row);
        }
        queue.DropVisited(1, visited);
        Assert.Equal([7u, 8, 9, 10], Enumerable.Range(0, queue.Count).Select(queue.At));
        queue.Cut(2);
        Assert.Equal([7u, 8], Enumerable.Range(0, queue.Count).Select(queue.At));
    }
}
