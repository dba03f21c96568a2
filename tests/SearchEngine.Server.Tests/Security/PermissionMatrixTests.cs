using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Security;
using Xunit;

namespace SearchEngine.Server.Tests.Security;

/// <summary>Every method of the contract, taken from its descriptors, against every kind of key. A new method fails here until somebody decides.</summary>
public sealed class PermissionMatrixTests
{
    private static readonly FileDescriptor[] Files =
    [
        Wire.CollectionsReflection.Descriptor, Wire.PointsReflection.Descriptor, Wire.SearchReflection.Descriptor,
        Wire.RerankReflection.Descriptor, Wire.EvaluationReflection.Descriptor, Wire.AdminReflection.Descriptor,
    ];

    private static IEnumerable<MethodDescriptor> Methods => Files.SelectMany(f => f.Services).SelectMany(s => s.Methods);

    [Fact]
    public void Every_method_of_the_contract_needs_a_permission_that_somebody_decided_on()
    {
        string[] undecided = [.. Methods.Where(m => MethodPermissions.Of(m) is null or Permissions.None).Select(m => m.FullName)];
        Assert.True(undecided.Length == 0, $"Decide in MethodPermissions who may call {string.Join(", ", undecided)}.");
    }

    [Fact]
    public void Methods_without_side_effects_are_not_audited_and_writes_are()
    {
        foreach (MethodDescriptor method in Methods)
        {
            bool onlyReads = MethodPermissions.Of(method) is Permissions.Read or MethodPermissions.AnyKey;
            Assert.NotEqual(onlyReads, MethodPermissions.IsAudited(method));
        }
    }

    [Fact]
    public async Task Every_method_answers_every_kind_of_key_as_the_table_says()
    {
        using var keys = new KeyFolder();
        (string? Key, Permissions Has)[] callers =
        [
            (null, Permissions.None),
            ("wrong", Permissions.None),
            (keys.Add("reader", ["read"]), Permissions.Read),
            (keys.Add("writer", ["write"]), Permissions.Write),
            (keys.Add("admin", ["admin"]), Permissions.Admin),
            (keys.Add("all", ["read", "write", "admin"]), MethodPermissions.AnyKey),
        ];
        await using RunningServer server = await RunningServer.StartAsync(keys.Security);
        using var http = new HttpClient();
        foreach (MethodDescriptor method in Methods.Where(m => m.Name != "Drain"))
        {
            foreach ((string? key, Permissions has) in callers)
            {
                StatusCode answer = await CallAsync(http, server.Address, $"{method.Service.FullName}/{method.Name}", key);
                StatusCode? expected = has == Permissions.None ? StatusCode.Unauthenticated : (has & MethodPermissions.Of(method)) == 0 ? StatusCode.PermissionDenied : null;
                bool isRight = expected is { } refusal ? answer == refusal : answer is not (StatusCode.Unauthenticated or StatusCode.PermissionDenied);
                Assert.True(isRight, $"{method.FullName} answered a key that has {has} with {answer}, expected {expected?.ToString() ?? "something else"}.");
            }
        }
    }

    [Theory]
    [InlineData("grpc.health.v1.Health/Check", false)]
    [InlineData("grpc.health.v1.Health/List", false)]
    [InlineData("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", true)]
    [InlineData("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", true)]
    public async Task Health_is_open_and_reflection_takes_any_key(string method, bool needsKey)
    {
        using var keys = new KeyFolder();
        string key = keys.Add("writer", ["write"]);
        await using RunningServer server = await RunningServer.StartAsync(keys.Security);
        using var http = new HttpClient();
        Assert.Equal(needsKey, await CallAsync(http, server.Address, method, null) == StatusCode.Unauthenticated);
        Assert.NotEqual(StatusCode.Unauthenticated, await CallAsync(http, server.Address, method, key));
    }

    // One empty message: enough for the door, and refused as a request by whatever stands behind it.
    private static async Task<StatusCode> CallAsync(HttpClient http, Uri server, string method, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("authorization", $"Bearer {key}");
        }
        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        string status = (response.Headers.TryGetValues("grpc-status", out IEnumerable<string>? early) ? early : response.TrailingHeaders.GetValues("grpc-status")).Single();
        return (StatusCode)int.Parse(status, CultureInfo.InvariantCulture);
    }
}
