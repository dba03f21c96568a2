namespace SearchEngine.Server.Tests.Search;

/// <summary>Searches of all served kinds, by seed.</summary>
internal static class RandomSearches
{
    public static Wire.SearchRequest Make(Random random, int points)
    {
        Wire.SearchRequest request = SearchHost.Request(SearchHost.Values(random), (uint)random.Next(1, 30));
        if (random.Next(6) == 0)
        {
            request.Query = new Wire.Query { Id = new Wire.Id { Number = (ulong)random.Next(1, points + 1) } };
        }
        if (random.Next(4) == 0)
        {
            request.Query = SearchHost.Lexical(SearchHost.Words(random, random.Next(1, 5)));
            request.Query.Lexical.Match = (Wire.WordMatch)random.Next(3);
        }
        else if (random.Next(4) == 0)
        {
            request.Hybrid = Hybrid(random);
        }
        bool isHybrid = request.Hybrid is not null, isLexical = request.Query?.KindCase == Wire.Query.KindOneofCase.Lexical;
        if (random.Next(3) == 0)
        {
            request.Filter = random.Next(2) == 0
                ? SearchHost.Topic($"t{random.Next(5)}")
                : new Wire.Filter
                {
                    MustNot =
                    {
                        new Wire.Condition
                        {
                            Range = new Wire.RangeCondition { Attribute = "year", AtLeast = new Wire.Value { IntegerValue = random.Next(1900, 2020) } },
                        },
                    },
                };
        }
        request.Accuracy = random.Next(4) switch
        {
            0 => new Wire.Accuracy { Exact = new Wire.Exact() },
            1 => new Wire.Accuracy { Breadth = (uint)random.Next(1, 200) },
            2 => new Wire.Accuracy { TargetRecall = 0.9f },
            _ => null,
        };
        if (random.Next(4) == 0)
        {
            request.Offset = (uint)random.Next(20);
        }
        if (random.Next(5) == 0 && !isHybrid)
        {
            request.MinScore = (float)random.NextDouble();
        }
        if (random.Next(5) == 0 && !isLexical)
        {
            request.Walk = new Wire.WalkOptions { WalkDimension = 32, Oversampling = random.Next(1, 5) };
        }
        else if (random.Next(6) == 0 && !isLexical && request.Accuracy?.KindCase != Wire.Accuracy.KindOneofCase.Exact)
        {
            request.Walk = new Wire.WalkOptions { Rescoring = Wire.Rescoring.None };
        }
        if (random.Next(3) == 0)
        {
            request.Fields = new SearchEngine.Protocol.V1.ReturnFields
            {
                Attributes = { "*" },
                Vectors = { "default" },
                Details = { Wire.Detail.Version, Wire.Detail.Components },
            };
        }
        return request;
    }

    private static Wire.HybridQuery Hybrid(Random random)
    {
        var hybrid = new Wire.HybridQuery
        {
            Components =
            {
                new Wire.Component { Query = new Wire.Query { Vector = SearchHost.Vector(SearchHost.Values(random)) }, Weight = random.Next(3) },
                new Wire.Component { Query = SearchHost.Lexical(SearchHost.Words(random, 3)), Candidates = (uint)random.Next(2) * 30 },
            },
        };
        hybrid.Fusion = random.Next(4) switch
        {
            0 => new Wire.Fusion { ReciprocalRank = new Wire.ReciprocalRankFusion { RankConstant = 10 } },
            1 => new Wire.Fusion { Convex = new Wire.ConvexFusion() },
            2 => new Wire.Fusion { Convex = new Wire.ConvexFusion { Scaling = Wire.ScoreScaling.MinMax } },
            _ => null,
        };
        return hybrid;
    }

    /// <summary>A reply without what differs from call to call: times and predictions, and how much was read, which depends on how far points that
    /// were written a moment ago have been encoded and linked.</summary>
    public static Wire.SearchReply Comparable(Wire.SearchReply reply)
    {
        Wire.SearchReply copy = reply.Clone();
        copy.Header.Timings = null;
        copy.Header.Cost.CpuMicros = 0;
        copy.Header.Cost.PredictedCpuMicros = 0;
        copy.Header.Cost.RowsScored = copy.Header.Cost.RowsRescored = 0;
        foreach (Wire.Plan plan in copy.Plan is { } whole ? [whole, .. whole.Components] : Array.Empty<Wire.Plan>())
        {
            plan.Rescored = 0;
        }
        return copy;
    }
}
