using SearchEngine.Collections.Documents;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Evaluation.Measuring;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Mining;

/// <summary>Evaluation.MineNegatives: triplets for training, query by query.</summary>
internal sealed class MineRun(ServerState server, SearchRunner runner, CallContext context)
{
    public async Task RunAsync(Wire.MineNegativesRequest request, ReplyStream<Wire.MineNegativesFrame> replies)
    {
        MineOrder order = MineOrder.Read(request, server, context);
        var ranker = new QueryRanker(server, runner, order.Configuration, order.Set.Origin);
        var miner = new NegativeMiner(server, order, context);
        JudgedQuestion[] questions = JudgedQuestion.Of(order.Set);
        var progress = new ProgressFrames(server.Time, now => replies.WriteAsync(new Wire.MineNegativesFrame { Progress = now }));
        ulong triplets = 0;
        for (int i = 0; i < questions.Length; i++)
        {
            (JudgedQuestion question, int done) = (questions[i], i);
            await using IAsyncEnumerator<Wire.Triplet> mined = MineAsync(question.Query, question.Grades, ranker, miner).GetAsyncEnumerator();
            // One by one, each made when the one before is sent: a text may be as large as a reply.
            while (await progress.FollowAsync(
                "mining", () => done, questions.Length, Task.Run(async () => await mined.MoveNextAsync().ConfigureAwait(false)), context.Cancellation).ConfigureAwait(false))
            {
                triplets++;
                await replies.WriteAsync(new Wire.MineNegativesFrame { Triplets = new Wire.TripletList { Triplets = { mined.Current } } }).ConfigureAwait(false);
            }
        }
        await replies.WriteAsync(new Wire.MineNegativesFrame
        {
            Report = new Wire.MineNegativesReport
            {
                Header = context.ReplyHeader(),
                Triplets = triplets,
                DroppedDuplicates = miner.Duplicates,
                DroppedSuspects = miner.Suspects,
            },
        }).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<Wire.Triplet> MineAsync(
        Wire.JudgedQuery query, IReadOnlyDictionary<DocumentId, int> grades, QueryRanker ranker, NegativeMiner miner)
    {
        PreparedQuery prepared = (await ranker.PrepareAsync([query]).ConfigureAwait(false))[0];
        RankedQuery ranked = await ranker.RankAsync(prepared, context.Beside()).ConfigureAwait(false);
        await foreach (Wire.Triplet triplet in miner.MineAsync(query, grades, ranked).ConfigureAwait(false))
        {
            yield return triplet;
        }
    }
}
