using Xunit;

namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>Our client on official servers and on ours: a server in another language cannot tell it from an official client.</summary>
public sealed class OwnClientTests(OfficialServers servers) : IClassFixture<OfficialServers>
{
    private static readonly Dictionary<string, Func<OwnClient, Task>> Scenarios = new(StringComparer.Ordinal)
    {
        ["empty_unary"] = OwnClientCalls.EmptyUnary,
        ["large_unary"] = OwnClientCalls.LargeUnary,
        ["concurrent_large_unary"] = OwnClientCalls.ConcurrentLargeUnary,
        ["client_streaming"] = OwnClientCalls.ClientStreaming,
        ["server_streaming"] = OwnClientCalls.ServerStreaming,
        ["ping_pong"] = OwnClientCalls.PingPong,
        ["empty_stream"] = OwnClientCalls.EmptyStream,
        ["half_duplex"] = OwnClientCalls.HalfDuplex,
        ["slow_reader"] = OwnClientCalls.SlowReader,
        ["status_code_and_message"] = OwnClientCalls.StatusCodeAndMessage,
        ["special_status_message"] = OwnClientCalls.SpecialStatusMessageSurvives,
        ["every_status_code"] = OwnClientCalls.EveryStatusCode,
        ["status_after_responses"] = OwnClientCalls.StatusAfterResponses,
        ["unimplemented_method"] = OwnClientCalls.UnimplementedMethod,
        ["unimplemented_service"] = OwnClientCalls.UnimplementedService,
        ["max_message_size"] = OwnClientCalls.MaxMessageSize,
        ["client_compressed_unary"] = OwnClientFeatures.ClientCompressedUnary,
        ["client_compressed_streaming"] = OwnClientFeatures.ClientCompressedStreaming,
        ["server_compressed_unary"] = OwnClientFeatures.ServerCompressedUnary,
        ["server_compressed_streaming"] = OwnClientFeatures.ServerCompressedStreaming,
        ["custom_metadata"] = OwnClientFeatures.CustomMetadata,
        ["metadata_edge_cases"] = OwnClientFeatures.MetadataEdgeCases,
        ["metadata_repeated_keys"] = OwnClientFeatures.MetadataRepeatedKeys,
        ["metadata_with_error"] = OwnClientFeatures.MetadataWithError,
        ["cancel_after_begin"] = OwnClientFeatures.CancelAfterBegin,
        ["cancel_after_first_response"] = OwnClientFeatures.CancelAfterFirstResponse,
        ["cancel_many_streams"] = OwnClientFeatures.CancelManyStreams,
        ["timeout_on_sleeping_server"] = OwnClientFeatures.TimeoutOnSleepingServer,
        ["deadline_propagation"] = OwnClientFeatures.DeadlinePropagation,
        ["health"] = OwnClientFeatures.HealthChecks,
    };

    public static MatrixTheoryData<string, string> Rows() => new(["python", "cpp", "searchengine"], Scenarios.Keys);

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task OurClientPassesOn(string server, string scenario)
    {
        if (server == "python" && scenario.StartsWith("client_compressed", StringComparison.Ordinal))
        {
            Assert.Skip("grpcio does not show a server whether a request was compressed, so it cannot answer the probe.");
        }
        using OwnClient client = await servers.ConnectAsync(server);
        await Scenarios[scenario](client);
    }

    [Theory]
    [InlineData("python-tls")]
    [InlineData("cpp-tls")]
    public async Task OurClientReachesAnOfficialServerOverTlsAndOnlyIfItTrustsIt(string server)
    {
        using OwnClient trusting = await servers.ConnectAsync(server);
        await OwnClientCalls.LargeUnary(trusting);
        await OwnClientCalls.PingPong(trusting);

        using OwnClient distrusting = await servers.ConnectDistrustingAsync(server);
        await OwnClient.FailsWithAsync(StatusCode.Unavailable, () => OwnClientCalls.EmptyUnary(distrusting));
    }
}
