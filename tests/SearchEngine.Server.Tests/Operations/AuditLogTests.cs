using System.Text.Json;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Tests.Security;
using SearchEngine.Testing;
using Xunit;

namespace SearchEngine.Server.Tests.Operations;

public sealed class AuditLogTests : IDisposable
{
    private readonly KeyFolder _keys = new();
    private readonly TempDirectory _folder = new();

    private string LogFile => _folder.File("audit.jsonl");

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Writes_and_admin_calls_are_logged_with_who_what_how_much_and_the_outcome_and_reads_are_not()
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]), reader = _keys.Add("reader", ["read"]);
        await using (RunningServer server = await StartAsync(new AuditOptions { File = LogFile }))
        {
            using RpcChannel ownerChannel = server.Connect(owner), readerChannel = server.Connect(reader);
            Api api = new(ownerChannel);
            await api.CreateAsync("docs", requestId: "r-1");
            // An admin call has its line on the disk before its caller has the answer.
            Assert.Contains("searchengine.v1.Collections.Create", await ReadSharedAsync(), StringComparison.Ordinal);
            await api.UpsertAsync("docs", Api.Point(1), Api.Point(2));
            await api.UpsertAsync("docs", r => r.ItemPolicy = Wire.ItemPolicy.SkipItem, Api.Point(3), new Wire.Point { Id = new Wire.Id { Number = 4 } });
            await api.CountAsync("docs");
            await Assert.ThrowsAsync<Rpc.RpcException>(() => new Api(readerChannel).UpsertAsync("docs", Api.Point(9)));
            await Assert.ThrowsAsync<Rpc.RpcException>(() => server.Api.UpsertAsync("docs", Api.Point(9)));
            await api.PointsAsync<Wire.DeleteRequest, Wire.DeleteReply>("Delete", new() { Header = Api.Header("docs"), Points = new Wire.PointSelector { Filter = new Wire.Filter() } });
        }
        string text = await ReadSharedAsync();
        JsonElement[] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(
            [
                ("owner", "Collections.Create", "docs", 0, 0, "Ok", ""), ("owner", "Points.Upsert", "docs", 2, 0, "Ok", ""), ("owner", "Points.Upsert", "docs", 1, 1, "Ok", ""),
                ("reader", "Points.Upsert", "", 0, 0, "PermissionDenied", "PERMISSION"), ("owner", "Points.Delete", "docs", 3, 0, "Ok", ""),
            ],
            lines.Select(l => (
                l.GetProperty("caller").GetString()!, l.GetProperty("method").GetString()!.Replace("searchengine.v1.", "", StringComparison.Ordinal), l.GetProperty("collection").GetString()!,
                l.GetProperty("affected").GetInt32(), l.GetProperty("refused").GetInt32(), l.GetProperty("outcome").GetString()!, l.GetProperty("reason").GetString()!)));
        Assert.Equal("r-1", lines[0].GetProperty("request_id").GetString());
        Assert.All(lines, l => Assert.True(DateTimeOffset.TryParse(l.GetProperty("time").GetString(), System.Globalization.CultureInfo.InvariantCulture, out _)));
        Assert.False(text.Contains(owner, StringComparison.Ordinal) || text.Contains(reader, StringComparison.Ordinal), "a key stands in the audit log");
    }

    [Fact]
    public async Task Call_about_two_collections_is_logged_with_the_one_that_its_header_names()
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        await using (RunningServer server = await StartAsync(new AuditOptions { File = LogFile }))
        {
            using RpcChannel channel = server.Connect(owner);
            Api api = new(channel);
            await api.CreateAsync("docs");
            await api.CreateAsync("shadow");
            Wire.RequestHeader header = Api.Header("docs");
            header.RequestId = "compare-1";
            await api.CollectionStreamAsync<Wire.CompareShadowRequest, Wire.CompareShadowFrame>(
                "CompareShadow", new Wire.CompareShadowRequest { Header = header, ShadowCollection = "shadow", MaxTimeMicros = 1_000 });
        }
        JsonElement line = JsonDocument.Parse((await File.ReadAllLinesAsync(LogFile, TestContext.Current.CancellationToken))[^1]).RootElement;
        Assert.EndsWith("Collections.CompareShadow", line.GetProperty("method").GetString(), StringComparison.Ordinal);
        Assert.Equal(("docs", "compare-1"), (line.GetProperty("collection").GetString(), line.GetProperty("request_id").GetString()));
    }

    [Fact]
    public async Task Log_is_bounded_by_size_and_number_of_files_and_keeps_the_newest()
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        await using (RunningServer server = await StartAsync(new AuditOptions { File = LogFile, MaxBytes = 1_000, MaxFiles = 3 }))
        {
            using RpcChannel channel = server.Connect(owner);
            Api api = new(channel);
            await api.CreateAsync("docs");
            for (ulong i = 1; i <= 60; i++)
            {
                await api.UpsertAsync("docs", r => r.Header.RequestId = $"n-{i}", Api.Point(i));
            }
        }
        string[] files = [.. Directory.EnumerateFiles(_folder.Path).Order(StringComparer.Ordinal)];
        Assert.Equal([LogFile, LogFile + ".1", LogFile + ".2"], files);
        Assert.All(files, f => Assert.True(new FileInfo(f).Length < 1_400, $"{f} has grown to {new FileInfo(f).Length} bytes."));
        string[] newest = [.. files.Reverse().SelectMany(File.ReadAllLines)];
        Assert.Contains("\"n-60\"", newest[^1], StringComparison.Ordinal);
        Assert.All(newest, line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public async Task Log_of_one_file_alone_is_bounded_as_well()
    {
        await WriteAsync(new AuditOptions { File = LogFile, MaxBytes = 1_000, MaxFiles = 1 }, 30);
        Assert.Equal([LogFile], Directory.EnumerateFiles(_folder.Path));
        Assert.True(new FileInfo(LogFile).Length < 1_400, $"The log has grown to {new FileInfo(LogFile).Length} bytes.");
    }

    [Fact]
    public async Task No_line_is_lost_where_no_new_file_can_be_begun()
    {
        Directory.CreateDirectory(LogFile + ".1");
        await WriteAsync(new AuditOptions { File = LogFile, MaxBytes = 1_000, MaxFiles = 3 }, 30);
        string[] lines = await File.ReadAllLinesAsync(LogFile, TestContext.Current.CancellationToken);
        Assert.Equal(31, lines.Length);
        Assert.Contains("\"n-30\"", lines[^1], StringComparison.Ordinal);
    }

    private async Task WriteAsync(AuditOptions audit, int writes)
    {
        string owner = _keys.Add("owner", ["read", "write", "admin"]);
        await using RunningServer server = await StartAsync(audit);
        using RpcChannel channel = server.Connect(owner);
        Api api = new(channel);
        await api.CreateAsync("docs");
        for (ulong i = 1; i <= (ulong)writes; i++)
        {
            await api.UpsertAsync("docs", r => r.Header.RequestId = $"n-{i}", Api.Point(i));
        }
    }

    private async Task<RunningServer> StartAsync(AuditOptions audit) => await RunningServer.StartAsync(_keys.Security, new WatchOptions { Audit = audit });

    private async Task<string> ReadSharedAsync()
    {
        await using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
