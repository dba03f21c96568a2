using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Admission;
using Xunit;
using Engine = SearchEngine.Collections.Search;

namespace SearchEngine.Server.Tests.Search;

/// <summary>Messages that are used again hold what another caller was told: whatever is written into them has to replace all of it.</summary>
public sealed class UsedReplyTests
{
    private static readonly Engine.SearchResult Result = new()
    {
        Hits = [],
        Plan = new Engine.SearchPlan { Strategy = Engine.Strategy.Walk, Breadth = 7, Scored = 8, Hops = 9 },
        Recall = new Engine.RecallEstimate(0.9f, Engine.RecallBasis.Calibrated),
        Sequence = 3,
        SearchTime = TimeSpan.FromMicroseconds(50),
    };

    private static readonly SearchAnswer Answer = new(Result, null, [], RanOut: false, new Ticket(40, 5), 60);

    private static readonly SearchOrder Order = new()
    {
        Request = new Engine.SearchRequest { Query = new float[] { 1 } },
        Components = [],
        Parts = null,
        HasComponents = false,
        Budget = null,
    };

    [Fact]
    public void Plan_OfAnotherSearch_IsReplaced() => AssertReplaced<Wire.Plan>(plan => PlanMap.Write(Result.Plan, Caller.Anyone, plan));

    [Fact]
    public void RecallEstimate_OfAnotherSearch_IsReplaced() => AssertReplaced<Wire.RecallEstimate>(recall => PlanMap.Write(Result.Recall, recall));

    [Fact]
    public void Cost_OfAnotherSearch_IsReplaced() => AssertReplaced<Wire.Cost>(cost => SearchHeaders.Write(Answer, cost));

    [Fact]
    public void Times_OfAnotherSearch_AreReplaced() => AssertReplaced<Wire.Timings>(
        times => SearchHeaders.Write(Order, Answer, TimeSpan.FromMicroseconds(2), TimeSpan.FromMicroseconds(99), times));

    private static void AssertReplaced<T>(Action<T> write)
        where T : class, IMessage<T>, new()
    {
        T fresh = new(), used = new();
        Fill(used);
        Assert.NotEqual(fresh, used);
        write(fresh);
        write(used);
        Assert.True(fresh.Equals(used), $"A used {typeof(T).Name} tells of the search before: {used}, and should tell {fresh}.");
    }

    // Each field with something that is not its default; messages inside are empty, which is not the same as unset.
    private static void Fill(IMessage message)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            object value = field.FieldType switch
            {
                FieldType.UInt32 => 77u,
                FieldType.UInt64 => 77ul,
                FieldType.Float => 0.77f,
                FieldType.Enum => 1,
                FieldType.Message => field.MessageType.Parser.ParseFrom(ByteString.Empty),
                _ => throw new InvalidOperationException($"{field.FullName}: this test has no value for a {field.FieldType} yet."),
            };
            if (field.IsRepeated)
            {
                ((System.Collections.IList)field.Accessor.GetValue(message)).Add(value);
            }
            else
            {
                field.Accessor.SetValue(message, value);
            }
        }
    }
}
