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
            IReadOnlyList<Wire.Triplet> mined = await progress.FollowAsync(
                "mining", () => done, questions.Length, Task.Run(() => MineAsync(question.Query, question.Grades, ranker, miner)), context.Cancellation).ConfigureAwait(false);
            triplets += (ulong)mined.Count;
            // One by one: a text may be as large as a reply.
            foreach (Wire.Triplet triplet in mined)
            {
                await replies.WriteAsync(new Wire.MineNegativesFrame { Triplets = new Wire.TripletList { Triplets = { triplet } } }).ConfigureAwait(false);
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

    private async Task<IReadOnlyList<Wire.Triplet>> MineAsync(
        Wire.JudgedQuery query, IReadOnlyDictionary<DocumentId, int> grades, QueryRanker ranker, NegativeMiner miner)
    {
        PreparedQuery prepared = (await ranker.PrepareAsync([query]).ConfigureAwait(false))[0];
        return await miner.MineAsync(query, grades, await ranker.RankAsync(prepared, context.Beside()).ConfigureAwait(false)).ConfigureAwait(false);
    }
}
