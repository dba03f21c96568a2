using SearchEngine.Collections.Documents;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Evaluation.Ranking;
using SearchEngine.Server.Points;
using SearchEngine.Server.Search;

namespace SearchEngine.Server.Evaluation.Mining;

/// <summary>Evaluation.Pool: the best hits of several configurations, each point once per query, for people to judge.</summary>
internal sealed class PoolRun(ServerState server, SearchRunner runner, CallContext context)
{
    private const int DefaultDepth = 20;
    private const int MaxDepth = 1_000;

    /// <summary>Tags and lengths around a candidate.</summary>
    private const int Framing = 32;

    /// <summary>Texts: what people judge by.</summary>
    private static readonly PointParts Texts = PointParts.Content with { Parts = new DocumentParts { Attributes = [], Vectors = [] } };

    private ulong _candidates;

    public async Task RunAsync(Wire.PoolRequest request, ReplyStream<Wire.PoolFrame> replies)
    {
        int depth = request.Depth == 0 ? DefaultDepth
            : request.Depth <= MaxDepth ? (int)request.Depth
            : throw Refusal.Limit("depth", request.Depth, MaxDepth, "hits", "Judge fewer hits per configuration.");
        if (!Enum.IsDefined(request.Scope))
        {
            throw Refusal.Invalid("scope", "There is no such scope.", "Use a value of PoolScope.");
        }
        PointParts parts = PointParts.Read(request.Fields, context.Schema, Texts, "fields");
        ConfigurationOrder[] configurations = new ConfigurationMap(server, context).Read(request.Configurations, depth, "configurations");
        JudgementSet set = new JudgementCalls(server).Find(context, request.Judgements).Set;
        QueryRanker[] rankers = [.. configurations.Select(one => new QueryRanker(server, runner, one, set.Origin))];
        var progress = new ProgressFrames(server.Time, now => replies.WriteAsync(new Wire.PoolFrame { Progress = now }));
        for (int i = 0; i < set.Queries.Count; i++)
        {
            (Wire.JudgedQuery query, int done) = (set.Queries[i], i);
            Dictionary<DocumentId, List<string>> found = await progress.FollowAsync(
                "pooling", () => done, set.Queries.Count, Task.Run(() => FindAsync(query, configurations, rankers, depth)), context.Cancellation).ConfigureAwait(false);
            IReadOnlyDictionary<DocumentId, int> grades = set.GradesOf(query.QueryId);
            DocumentId[] kept = [.. found.Keys.Where(id => request.Scope == Wire.PoolScope.All || !grades.ContainsKey(id))];
            foreach (Wire.PooledQuery frame in Frames(query, kept, found, grades, parts))
            {
                await replies.WriteAsync(new Wire.PoolFrame { Query = frame }).ConfigureAwait(false);
            }
        }
        await replies.WriteAsync(new Wire.PoolFrame
        {
            Report = new Wire.PoolReport { Header = context.ReplyHeader(), Queries = (ulong)set.Queries.Count, Candidates = _candidates },
        }).ConfigureAwait(false);
    }

    private async Task<Dictionary<DocumentId, List<string>>> FindAsync(
        Wire.JudgedQuery query, ConfigurationOrder[] configurations, QueryRanker[] rankers, int depth)
    {
        var found = new Dictionary<DocumentId, List<string>>();
        for (int i = 0; i < rankers.Length; i++)
        {
            PreparedQuery prepared = (await rankers[i].PrepareAsync([query]).ConfigureAwait(false))[0];
            RankedQuery ranked = await rankers[i].RankAsync(prepared, configurations[i].Context.Beside()).ConfigureAwait(false);
            foreach ((DocumentId id, _) in ranked.Hits.Take(depth))
            {
                if (!found.TryGetValue(id, out List<string>? finders))
                {
                    found.Add(id, finders = []);
                }
                finders.Add(configurations[i].Name);
            }
        }
        return found;
    }

    // Several where one would be too large. By id, which says nothing of who found it at which place.
    private IEnumerable<Wire.PooledQuery> Frames(
        Wire.JudgedQuery query, DocumentId[] ids, Dictionary<DocumentId, List<string>> found, IReadOnlyDictionary<DocumentId, int> grades, PointParts parts)
    {
        Wire.PooledQuery frame = Begin(query);
        int room = context.ReplyLimit - frame.CalculateSize();
        // Each is read when its frame is made: a pool may hold thousands, and any of them a text as large as a reply.
        foreach (Document point in PointReads.Each(context, [.. ids.Order()], parts.Parts).OfType<Document>())
        {
            DocumentId id = point.Id;
            var candidate = new Wire.PooledCandidate { Id = IdMap.Write(id), Point = DocumentMap.Write(point, context.Schema, parts), Configurations = { found[id] } };
            if (grades.TryGetValue(id, out int grade))
            {
                candidate.Grade = (uint)grade;
            }
            int size = candidate.CalculateSize() + Framing;
            if (size > room && frame.Candidates.Count > 0)
            {
                yield return frame;
                frame = Begin(query);
                room = context.ReplyLimit - frame.CalculateSize();
            }
            room -= size;
            _candidates++;
            frame.Candidates.Add(candidate);
        }
        yield return frame;
    }

    private static Wire.PooledQuery Begin(Wire.JudgedQuery query) => new() { QueryId = query.QueryId, Text = query.Text };
}
