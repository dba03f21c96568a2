using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Filters;
using SearchEngine.Rpc;
using SearchEngine.Server.Contract;
using Xunit;

namespace SearchEngine.Server.Tests.Contract;

public sealed class FilterMapTests
{
    [Fact]
    public void EveryKindOfCondition_ArrivesAsItWasSent()
    {
        var filter = new Wire.Filter { MinShould = 1 };
        filter.Must.Add(new Wire.Condition
        {
            EqualTo = new Wire.EqualToCondition { Attribute = "topic", Value = new Wire.Value { KeywordValue = "cats" } },
        });
        filter.Must.Add(new Wire.Condition
        {
            Range = new Wire.RangeCondition { Attribute = "year", AtLeast = new Wire.Value { IntegerValue = 2001 } },
        });
        filter.Should.Add(new Wire.Condition { AnyOf = new Wire.AnyOfCondition { Attribute = "n", Integers = { 1, 2 } } });
        filter.MustNot.Add(new Wire.Condition { Ids = new Wire.IdSet { Numbers = { 7 }, Texts = { "7" } } });
        filter.Must.Add(new Wire.Condition { Filter = new Wire.Filter { Must = { new Wire.Condition { Exists = new Wire.ExistsCondition { Attribute = "x" } } } } });

        Filter read = FilterMap.Read(filter, "filter");

        Assert.Equal(new Condition.EqualTo("topic", AttributeValue.OfKeyword("cats")), read.Must[0]);
        Assert.Equal(new Condition.Range("year", AtLeast: AttributeValue.OfInteger(2001)), read.Must[1]);
        Assert.Equal("x", Assert.IsType<Condition.Exists>(Assert.IsType<Condition.Matches>(read.Must[2]).Filter.Must[0]).Attribute);
        Assert.Equal([AttributeValue.OfInteger(1), AttributeValue.OfInteger(2)], Assert.IsType<Condition.AnyOf>(read.Should[0]).Values);
        Assert.Equal([new DocumentId(7), new DocumentId("7")], Assert.IsType<Condition.IdIn>(read.MustNot[0]).Ids);
    }

    [Fact]
    public void AFilterBeyondALimit_IsRefusedWithThePathOfWhereItIs()
    {
        var wide = new Wire.Filter();
        wide.Must.Add(Enumerable.Range(0, Filter.MaxConditions + 1).Select(static _ => new Wire.Condition { Exists = new Wire.ExistsCondition { Attribute = "a" } }));
        Refused(wide, "LIMIT_EXCEEDED", "filter");

        var deep = new Wire.Filter();
        for (int i = 0; i < Filter.MaxDepth; i++)
        {
            deep = new Wire.Filter { Must = { new Wire.Condition { Filter = deep } } };
        }
        Refused(deep, "LIMIT_EXCEEDED", "filter" + string.Concat(Enumerable.Repeat(".must[0].filter", Filter.MaxDepth)));

        Refused(new Wire.Filter { Should = { new Wire.Condition() } }, "FIELD_REQUIRED", "filter.should[0]");
        Refused(new Wire.Filter { MinShould = 1 }, "FIELD_INVALID", "filter.min_should");
    }

    private static void Refused(Wire.Filter filter, string reason, string field)
    {
        RpcException refused = Assert.Throws<RpcException>(() => FilterMap.Read(filter, "filter"));
        Assert.Equal((reason, field), (refused.Reason, refused.Facts[Refusal.FieldFact]));
    }
}
