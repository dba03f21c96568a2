using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace SearchEngine.Benchmarks.Rpc;

/// <summary>Sends the same request again and again for a time, over 4 connections with 16 calls in flight on each.</summary>
internal abstract partial class RpcLoad
{
    protected const int Connections = 4;
    protected const int StreamsPerConnection = 16;

    public const int InFlight = Connections * StreamsPerConnection;

    public abstract string Name { get; }

    /// <summary>h2load where it is installed (Debian's nghttp2-client), else a generator in this process.</summary>
    public static RpcLoad Find(string bodyFile)
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo("h2load", "--version") { RedirectStandardOutput = true });
            probe!.WaitForExit();
            return new H2Load(bodyFile);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new OwnLoad(bodyFile);
        }
    }

    /// <summary>Successful requests per second, and how many there were in all, warm-up included.</summary>
    public abstract Task<LoadResult> RunAsync(int port, TimeSpan time);

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{RpcWorkload.Path}");

    private sealed partial class H2Load(string bodyFile) : RpcLoad
    {
        public override string Name => "h2load";

        public override async Task<LoadResult> RunAsync(int port, TimeSpan time)
        {
            var start = new ProcessStartInfo("h2load",
                [
                    "-c", $"{Connections}", "-m", $"{StreamsPerConnection}", "-t", "1",
                    "-D", time.TotalSeconds.ToString(CultureInfo.InvariantCulture), "-d", bodyFile,
                    "-H", "content-type: application/grpc", "-H", "te: trailers", Address(port),
                ])
            { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Match rate = Rate().Match(output);
            Match counts = Counts().Match(output);
            if (!rate.Success || !counts.Success) throw new InvalidOperationException($"h2load said:\n{output}");
            long succeeded = long.Parse(counts.Groups["ok"].Value, CultureInfo.InvariantCulture);
            long failed = long.Parse(counts.Groups["failed"].Value, CultureInfo.InvariantCulture);
            if (failed > 0) throw new InvalidOperationException($"{failed} requests failed:\n{output}");
            return new LoadResult(double.Parse(rate.Groups["rate"].Value, CultureInfo.InvariantCulture), succeeded);
        }

        [GeneratedRegex(@"finished in [^,]+, (?<rate>[0-9.]+) req/s")]
        private static partial Regex Rate();

        [GeneratedRegex(@"(?<ok>\d+) succeeded, (?<failed>\d+) failed")]
        private static partial Regex Counts();
    }

    private sealed class OwnLoad(string bodyFile) : RpcLoad
    {
        public override string Name => "own";

        public override async Task<LoadResult> RunAsync(int port, TimeSpan time)
        {
            byte[] body = await File.ReadAllBytesAsync(bodyFile);
            var address = new Uri(Address(port));
            long start = Stopwatch.GetTimestamp();
            long[] done = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
            {
                using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
                long[] counts = await Task.WhenAll(Enumerable.Range(0, StreamsPerConnection).Select(_ => LoopAsync(http, address, body, start, time)));
                return counts.Sum();
            }));
            return new LoadResult(done.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds, done.Sum());
        }

        private static async Task<long> LoopAsync(HttpMessageInvoker http, Uri address, byte[] body, long start, TimeSpan time)
        {
            long done = 0;
            for (; Stopwatch.GetElapsedTime(start) < time; done++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, address)
                {
                    Version = HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
                };
                using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None);
                response.EnsureSuccessStatusCode();
                await response.Content.ReadAsByteArrayAsync();
            }
            return done;
        }
    }
}

internal readonly record struct LoadResult(double RequestsPerSecond, long Requests);
