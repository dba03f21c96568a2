using System.Reflection;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc;
using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary>The transport knows no contract, and the contract no transport: only here can they be held together.</summary>
public sealed class TransportReasonTests
{
    [Fact]
    public void EveryReasonOfTheTransport_IsPartOfTheContract()
    {
        HashSet<string> published = [.. CommonReflection.Descriptor.EnumTypes.Single(type => type.Name == nameof(ErrorReason))
            .Values.Select(value => value.Name["ERROR_REASON_".Length..])];
        string[] unpublished = [.. typeof(RpcReasons).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).Where(reason => !published.Contains(reason))];
        Assert.True(unpublished.Length == 0, $"Clients would get reasons that protos/searchengine/v1/common.proto does not name: {string.Join(", ", unpublished)}.");
    }
}
