using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Robustness;

/// <summary>
/// Requests whose bytes were changed, to every method: each is answered with a status of gRPC, none with a fault of the server, and
/// none leaves a call behind. SEARCHENGINE_LONG_TESTS=minutes goes on with further seeds.
/// </summary>
public sealed class MalformedRequestTests
{
    private const int Requests = 1_500;
    private const int FirstSeed = 1;

    [Fact]
    public async Task Malformed_requests_are_answered_and_the_server_goes_on()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync("docs");
        await server.Api.UpsertAsync("docs", [.. Enumerable.Range(1, 200).Select(static i => Api.Point((ulong)i))]);
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        MethodDescriptor[] methods = [.. RequestSamples.Files.SelectMany(static f => f.Services).SelectMany(static s => s.Methods)];
        foreach (int seed in LongTests.Seeds(FirstSeed, Requests))
        {
            var random = new Random(seed);
            MethodDescriptor method = methods[random.Next(methods.Length)];
            byte[] body = RequestMutation.Make(RequestSamples.Of(method), random);
            string what = $"seed {seed}, {method.FullName}, {body.Length} bytes";
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/{method.Service.FullName}/{method.Name}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(body),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
            // A server that hangs ends here as well, and shows as DEADLINE_EXCEEDED.
            request.Headers.Add("grpc-timeout", "60S");
            using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            CheckStatus(response, what);
        }
        for (int i = 0; server.ActiveCalls > 0; i++)
        {
            Assert.True(i < 1_000, $"{server.ActiveCalls} calls are still held after all were answered.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        await server.Api.CreateAsync("afterwards");
        await server.Api.UpsertAsync("afterwards", Api.Point(1));
        Assert.Equal(1ul, await server.Api.CountAsync("afterwards"));
    }

    private static void CheckStatus(HttpResponseMessage response, string what)
    {
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"HTTP {response.StatusCode}: {what}");
        string? status = Find(response.TrailingHeaders, "grpc-status") ?? Find(response.Headers, "grpc-status");
        Assert.True(status is not null, $"no grpc-status: {what}");
        var code = (StatusCode)int.Parse(status, System.Globalization.CultureInfo.InvariantCulture);
        string message = Find(response.TrailingHeaders, "grpc-message") ?? Find(response.Headers, "grpc-message") ?? "";
        Assert.True(code is not (StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.DataLoss), $"{code} {message}: {what}");
        // Only what cannot be read at all is INTERNAL: such messages name the request, faults name an incident.
        Assert.False(message.Contains("incident", StringComparison.Ordinal), $"{code} {message}: {what}");
    }

    private static string? Find(HttpHeaders headers, string name) => headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
