using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Tests.Search;
using SearchEngine.Server.Tests.Security;
using Xunit;

namespace SearchEngine.Server.Tests.Admin;

public sealed class AdminTests : IDisposable
{
    private readonly KeyFolder _keys = new();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Version_and_capabilities_tell_what_the_server_is_and_what_the_key_allows()
    {
        string guest = _keys.Add("guest", ["read"], ["docs", "logs-*"], Api.Topic("cats"));
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel channel = server.Connect(guest);
        var version = await CallAsync<Wire.VersionRequest, Wire.VersionReply>(channel, "Version", new());
        Assert.Equal(Wire.ServerRole.Search, version.Role);
        Assert.NotEmpty(version.ServerVersion);
        var capabilities = await CallAsync<Wire.CapabilitiesRequest, Wire.CapabilitiesReply>(channel, "Capabilities", new());
        Assert.Equal("guest", capabilities.Caller.KeyName);
        Assert.Equal([Wire.Permission.Read], capabilities.Caller.Permissions);
        Assert.Equal(["docs", "logs-*"], capabilities.Caller.Collections);
        Assert.Equal(Wire.FilterInjection.Active, capabilities.Caller.FilterInjection);
        Assert.Contains("searchengine.v1.Search/Search", capabilities.Methods);
        Assert.Contains("searchengine.v1.Evaluation/Evaluate", capabilities.Methods);
        Assert.Equal(Wire.EncoderLink.None, capabilities.Encoder);
        Assert.Equal(10_000u, capabilities.Limits.MaxK);
        Assert.NotEmpty(capabilities.Kernels);
        await RunningServer.RefusedAsync(() => CallAsync<Wire.GetLimitsRequest, Wire.GetLimitsReply>(channel, "GetLimits", new()), Wire.ErrorReason.Permission);
    }

    [Fact]
    public void Fields_said_not_to_be_served_are_names_of_the_contract()
    {
        string[] known =
        [
            .. new[] { Wire.CommonReflection.Descriptor, Wire.CollectionsReflection.Descriptor, Wire.PointsReflection.Descriptor, Wire.SearchReflection.Descriptor }.SelectMany(file =>
                file.MessageTypes.SelectMany(m => m.Fields.InDeclarationOrder().Select(f => $"{m.Name}.{f.Name}"))
                    .Concat(file.EnumTypes.SelectMany(e => e.Values.Select(v => $"{e.Name}.{v.Name}")))),
        ];
        Assert.Empty(Server.Admin.NotServed.Fields.Except(known));
    }

    [Fact]
    public async Task Limits_change_by_version_within_their_range_and_fixed_ones_say_so()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var before = await CallAsync<Wire.GetLimitsRequest, Wire.GetLimitsReply>(server.Channel, "GetLimits", new());
        Assert.Equal((200_000UL, 0.5f, 1UL), (before.Limits.MaxQueueMicros, before.Limits.MaxCallerShare, before.LimitsVersion));
        Task<Wire.SetLimitsReply> Set(Wire.Limits limits, ulong? expected = null)
        {
            var request = new Wire.SetLimitsRequest { Limits = limits };
            if (expected is { } version)
            {
                request.ExpectedLimitsVersion = version;
            }
            return CallAsync<Wire.SetLimitsRequest, Wire.SetLimitsReply>(server.Channel, "SetLimits", request);
        }
        Wire.SetLimitsReply changed = await Set(new Wire.Limits { MaxQueueMicros = 50_000 }, 1);
        Assert.Equal((50_000UL, 0.5f, 2UL), (changed.Limits.MaxQueueMicros, changed.Limits.MaxCallerShare, changed.LimitsVersion));
        await RunningServer.RefusedAsync(() => Set(new Wire.Limits { MaxQueueMicros = 60_000 }, 1), Wire.ErrorReason.VersionConflict, "expected_limits_version");
        await RunningServer.RefusedAsync(() => Set(new Wire.Limits { MaxQueueMicros = 1 }), Wire.ErrorReason.LimitExceeded, "limits.max_queue_micros");
        await RunningServer.RefusedAsync(() => Set(new Wire.Limits { MaxCallerShare = float.NaN }), Wire.ErrorReason.LimitExceeded, "limits.max_caller_share");
        await RunningServer.RefusedAsync(() => Set(new Wire.Limits { MaxK = 5 }), Wire.ErrorReason.FieldNotServed, "limits.max_k");
        await RunningServer.RefusedAsync(() => CallAsync<Wire.SetLimitsRequest, Wire.SetLimitsReply>(server.Channel, "SetLimits", new()), Wire.ErrorReason.FieldRequired, "limits");
    }

    [Fact]
    public async Task Slow_log_has_the_newest_first_without_vectors_or_texts_and_goes_on_with_new_ones()
    {
        await using RunningServer server = await RunningServer.StartAsync(new(), new WatchOptions { SlowThreshold = TimeSpan.Zero });
        await server.Api.CreateAsync(SearchHost.Name, SearchHost.Config);
        await server.Api.UpsertAsync(SearchHost.Name, SearchHost.WirePoint(1, 1));
        Wire.SearchRequest search = SearchHost.Request(SearchHost.Values(new Random(1)), 3);
        (search.Header.RequestId, search.Filter) = ("slow-1", SearchHost.Topic("t1"));
        await server.Channel.UnaryAsync(SearchHost.Search, search);
        await using ServerStreamCall<Wire.SlowLogRequest, Wire.SlowLogFrame> log =
            await server.Channel.ServerStreamAsync(Method<Wire.SlowLogRequest, Wire.SlowLogFrame>("SlowLog"), new() { Follow = Wire.Follow.New });
        Wire.SlowLogFrame first = (await log.ReadAsync())!;
        Assert.Equal(["searchengine.v1.Search.Search", "searchengine.v1.Points.Upsert", "searchengine.v1.Collections.Create"], first.Calls.Select(c => c.Method));
        Wire.SlowCall slow = first.Calls[0];
        Assert.Equal(("slow-1", SearchHost.Name, 0u), (slow.RequestId, slow.Collection, slow.Code));
        Assert.Equal(1UL, slow.Plan.MatchCount);
        Assert.True(slow.Timings.TotalMicros > 0, "the time is missing");
        Assert.Contains("k: 3", slow.Summary, StringComparison.Ordinal);
        Assert.Contains("topic", slow.Summary, StringComparison.Ordinal);
        Assert.Contains($"<{4 * SearchHost.Dimension} bytes>", slow.Summary, StringComparison.Ordinal);
        await server.Api.CountAsync(SearchHost.Name);
        Assert.Equal("searchengine.v1.Points.Count", Assert.Single((await log.ReadAsync())!.Calls).Method);
    }

    [Fact]
    public async Task Drain_refuses_new_work_waits_for_what_is_open_and_can_be_taken_back()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.Api.CreateAsync(SearchHost.Name, SearchHost.Config);
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> open = await server.Channel.DuplexAsync(SearchHost.Pipeline);
        await open.ReadAsync();
        await using ServerStreamCall<Wire.DrainRequest, Wire.DrainFrame> drain =
            await server.Channel.ServerStreamAsync(Method<Wire.DrainRequest, Wire.DrainFrame>("Drain"), new() { MaxTimeMicros = 60_000_000 });
        Wire.DrainFrame frame = (await drain.ReadAsync())!;
        Assert.Equal(1u, frame.OpenCalls);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => server.Channel.UnaryAsync(SearchHost.Search, new Wire.SearchRequest(), new CallOptions { Retry = new RetryPolicy { MaxAttempts = 1 } }));
        Assert.Equal((StatusCode.Unavailable, "DRAINING"), (refused.Code, refused.Reason));
        open.CompleteRequests();
        Wire.DrainFrame last = frame;
        while (await drain.ReadAsync() is { } next)
        {
            last = next;
        }
        Assert.Equal(0u, last.OpenCalls);
        Assert.NotNull(last.Header);
        await CallStreamAsync<Wire.DrainRequest, Wire.DrainFrame>(server.Channel, "Drain", new() { Action = Wire.DrainAction.Resume });
        Assert.Equal(0UL, await server.Api.CountAsync(SearchHost.Name));
    }

    [Fact]
    public async Task Drain_ends_what_is_open_when_its_time_is_over()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> open = await server.Channel.DuplexAsync(SearchHost.Pipeline);
        await open.ReadAsync();
        await CallStreamAsync<Wire.DrainRequest, Wire.DrainFrame>(server.Channel, "Drain", new() { MaxTimeMicros = 1_000 });
        RpcException ended = await Assert.ThrowsAsync<RpcException>(async () => await open.ReadAsync());
        Assert.Equal((StatusCode.Unavailable, "DRAINING"), (ended.Code, ended.Reason));
    }

    [Fact]
    public async Task Drain_that_was_taken_back_ends_without_ending_what_is_open()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> open = await server.Channel.DuplexAsync(SearchHost.Pipeline);
        await open.ReadAsync();
        await using ServerStreamCall<Wire.DrainRequest, Wire.DrainFrame> drain =
            await server.Channel.ServerStreamAsync(Method<Wire.DrainRequest, Wire.DrainFrame>("Drain"), new() { MaxTimeMicros = 600_000_000 });
        await drain.ReadAsync();
        await CallStreamAsync<Wire.DrainRequest, Wire.DrainFrame>(server.Channel, "Drain", new() { Action = Wire.DrainAction.Resume });
        Wire.DrainFrame? last = null;
        while (await drain.ReadAsync() is { } next)
        {
            last = next;
        }
        Assert.Equal(1u, last!.OpenCalls);
        open.CompleteRequests();
        while (await open.ReadAsync() is not null)
        {
        }
    }

    [Fact]
    public async Task Drain_that_was_taken_back_leaves_what_is_open_to_the_drain_that_follows_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using DuplexCall<Wire.PipelineRequest, Wire.PipelineReply> open = await server.Channel.DuplexAsync(SearchHost.Pipeline);
        await open.ReadAsync();
        RpcMethod<Wire.DrainRequest, Wire.DrainFrame> method = Method<Wire.DrainRequest, Wire.DrainFrame>("Drain");
        await using ServerStreamCall<Wire.DrainRequest, Wire.DrainFrame> first = await server.Channel.ServerStreamAsync(method, new() { MaxTimeMicros = 600_000_000 });
        await first.ReadAsync();
        await CallStreamAsync<Wire.DrainRequest, Wire.DrainFrame>(server.Channel, "Drain", new() { Action = Wire.DrainAction.Resume });
        await using ServerStreamCall<Wire.DrainRequest, Wire.DrainFrame> second = await server.Channel.ServerStreamAsync(method, new() { MaxTimeMicros = 600_000_000 });
        await second.ReadAsync();
        // The first drain ends though the server drains again; the second waits for what is open.
        Wire.DrainFrame? last = null;
        while (await first.ReadAsync() is { } next)
        {
            last = next;
        }
        Assert.Equal((1u, true), (last!.OpenCalls, last.Header is not null));
        open.CompleteRequests();
        while (await second.ReadAsync() is { } next)
        {
            last = next;
        }
        Assert.Equal(0u, last.OpenCalls);
    }

    [Fact]
    public async Task Reloaded_keys_are_told_by_name_and_an_unusable_file_by_line()
    {
        string admin = _keys.Add("admin", ["admin"]);
        _keys.Add("leaver", ["read"]);
        await using RunningServer server = await RunningServer.StartAsync(_keys.Security);
        using RpcChannel channel = server.Connect(admin);
        string changed = (await File.ReadAllTextAsync(_keys.Path, TestContext.Current.CancellationToken)).Replace("leaver", "joiner", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_keys.Path, changed, TestContext.Current.CancellationToken);
        var reply = await CallAsync<Wire.ReloadKeysRequest, Wire.ReloadKeysReply>(channel, "ReloadKeys", new());
        // The server may have looked at the file by itself in this moment.
        Assert.Equal(2u, reply.Keys);
        Assert.True(reply.Added.Count == 0 || (reply.Added.Single() == "joiner" && reply.Removed.Single() == "leaver"), reply.ToString());
        await File.WriteAllTextAsync(_keys.Path, "{\n\"keys\": oops", TestContext.Current.CancellationToken);
        RpcException refused = await RunningServer.RefusedAsync(
            () => CallAsync<Wire.ReloadKeysRequest, Wire.ReloadKeysReply>(channel, "ReloadKeys", new()), Wire.ErrorReason.ConfigurationInvalid);
        Assert.Equal("2", refused.Facts["line"]);
        var capabilities = await CallAsync<Wire.CapabilitiesRequest, Wire.CapabilitiesReply>(channel, "Capabilities", new());
        Assert.Equal("admin", capabilities.Caller.KeyName);
    }

    [Fact]
    public async Task Reloads_without_files_say_so()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await RunningServer.RefusedAsync(() => CallAsync<Wire.ReloadKeysRequest, Wire.ReloadKeysReply>(server.Channel, "ReloadKeys", new()), Wire.ErrorReason.ConfigurationInvalid);
        Assert.Empty((await CallAsync<Wire.ReloadCertificatesRequest, Wire.ReloadCertificatesReply>(server.Channel, "ReloadCertificates", new())).Certificates);
        await RunningServer.RefusedAsync(
            () => CallAsync<Wire.VersionRequest, Wire.VersionReply>(server.Channel, "Version", new() { Header = Api.Header("docs") }), Wire.ErrorReason.FieldInvalid, "header.collection");
    }

    internal static RpcMethod<TRequest, TReply> Method<TRequest, TReply>(string name)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TReply : class, Google.Protobuf.IMessage<TReply> => new(Wire.AdminReflection.Descriptor.Services[0], name);

    private static Task<TReply> CallAsync<TRequest, TReply>(RpcChannel channel, string method, TRequest request)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TReply : class, Google.Protobuf.IMessage<TReply> =>
        channel.UnaryAsync(Method<TRequest, TReply>(method), request, cancellation: TestContext.Current.CancellationToken);

    private static async Task<List<TReply>> CallStreamAsync<TRequest, TReply>(RpcChannel channel, string method, TRequest request)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TReply : class, Google.Protobuf.IMessage<TReply>
    {
        await using ServerStreamCall<TRequest, TReply> call = await channel.ServerStreamAsync(Method<TRequest, TReply>(method), request);
        return await call.ReadAllAsync().ToListAsync();
    }
}
