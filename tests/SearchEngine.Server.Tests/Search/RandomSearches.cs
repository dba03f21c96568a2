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
        if (random.Next(5) == 0)
        {
            request.MinScore = (float)random.NextDouble();
        }
        if (random.Next(5) == 0)
        {
            request.Walk = new Wire.WalkOptions { WalkDimension = 32, Oversampling = random.Next(1, 5) };
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

    /// <summary>A reply without what differs from call to call: times and predictions.</summary>
    public static Wire.SearchReply Comparable(Wire.SearchReply reply)
    {
        Wire.SearchReply copy = reply.Clone();
        copy.Header.Timings = null;
        copy.Header.Cost.CpuMicros = 0;
        copy.Header.Cost.PredictedCpuMicros = 0;
        return copy;
    }
}
