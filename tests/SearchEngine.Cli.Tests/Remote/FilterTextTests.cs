using SearchEngine.Cli.Remote;
using SearchEngine.Cli.Searching;
using SearchEngine.Protocol.V1;
using Xunit;

namespace SearchEngine.Cli.Tests.Remote;

public sealed class FilterTextTests
{
    private static readonly CollectionConfig Config = new()
    {
        Attributes = { new AttributeSchema { Name = "year", Type = AttributeType.Integer }, new AttributeSchema { Name = "who", Type = AttributeType.Keyword } },
    };

    [Fact]
    public void Conditions_TakeTheirTypesFromTheSchema()
    {
        Filter filter = FilterText.Parse(["year>=2025", "who=7", "who!=a=b"], Config)!;
        Assert.Equal(2025, filter.Must[0].Range.AtLeast.IntegerValue);
        Assert.Equal("7", filter.Must[1].EqualTo.Value.KeywordValue);
        Assert.Equal("a=b", filter.MustNot.Single().EqualTo.Value.KeywordValue);
    }

    [Theory]
    [InlineData("year", "no condition")]
    [InlineData("colour=red", "year, who")]
    [InlineData("year=soon", "integer")]
    public void WhatCannotBeMeant_IsToldBeforeAnythingIsAsked(string condition, string named)
    {
        UsageException wrong = Assert.Throws<UsageException>(() => FilterText.Parse([condition], Config));
        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
    }
}
