using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Transfer;
using SearchEngine.Protocol.V1;
using Xunit;
using Record = SearchEngine.Cli.Transfer.Record;

namespace SearchEngine.Cli.Tests.Transfer;

/// <summary>What an upload sends after a break: everything that is not acknowledged, once each, in order.</summary>
public sealed class PointQueueTests
{
    [Fact]
    public void PointsThatWereSentButNotAcknowledged_AreSentAgainOnTheNextStream()
    {
        PointQueue queue = QueueOf(5);
        queue.BeginAfter(0);
        Assert.Equal([0UL, 1, 2, 3], Take(queue, 4));
        queue.Acknowledge(2);
        queue.BeginAfter(3);
        Assert.Equal(4UL, queue.NextNumber);
        Assert.Equal([3UL, 4], Take(queue, 9));
        Assert.Equal(6UL, queue.NextNumber);
    }

    [Fact]
    public void RecordsOfAnEarlierRun_ArePassedOver()
    {
        PointQueue queue = QueueOf(5);
        queue.BeginAfter(3);
        Assert.Equal([3UL, 4], Take(queue, 9));
    }

    [Fact]
    public void AServerThatForgot_OrKnowsMoreThanTheFile_IsNotBelieved()
    {
        PointQueue queue = QueueOf(5);
        queue.BeginAfter(0);
        Take(queue, 5);
        queue.Acknowledge(5);
        Assert.Throws<InputException>(() => queue.BeginAfter(2));
        Assert.Throws<InputException>(() => QueueOf(5).BeginAfter(6));
    }

    private static PointQueue QueueOf(int count)
    {
        var config = new CollectionConfig();
        config.Vectors.Add(new VectorSchema { Dimension = 1 });
        return new PointQueue(Enumerable.Range(0, count).Select(i => Record.OfRow((ulong)i, [i])).GetEnumerator(), new PointMap(config));
    }

    private static List<ulong> Take(PointQueue queue, int most)
    {
        var taken = new List<ulong>();
        while (taken.Count < most && queue.TryPeek(out Point point))
        {
            taken.Add(point.Id.Number);
            queue.Sent();
        }
        return taken;
    }
}
