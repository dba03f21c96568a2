using System.Globalization;
using System.Net;
using SearchEngine.Cli.Remote;

namespace SearchEngine.Cli.Demo;

/// <summary>An encoder and a search server, two processes as in production, on loopback.</summary>
internal sealed class DemoServers : IAsyncDisposable
{
    private readonly ChildServer _encoder;
    private readonly ChildServer _search;

    private DemoServers(ChildServer encoder, Uri encoderAddress, ChildServer search, Uri searchAddress)
    {
        (_encoder, EncoderAddress) = (encoder, encoderAddress);
        (_search, SearchAddress) = (search, searchAddress);
    }

    public Uri EncoderAddress { get; }

    public Uri SearchAddress { get; }

    public int EncoderProcess => _encoder.Id;

    public int SearchProcess => _search.Id;

    public static async Task<DemoServers> StartAsync(DemoOptions options, DemoModels models, CancellationToken cancel)
    {
        // The next port, so that other commands find it where `encode` has it by default.
        int encoderPort = options.Port is 0 or IPEndPoint.MaxPort ? 0 : options.Port + 1;
        (ChildServer encoder, string[] encodes) = await ChildServer.StartAsync(
            ["encode", "--model", models.Encoder, "--model", models.Reranker, "--port", encoderPort.ToString(CultureInfo.InvariantCulture)],
            Path.Combine(options.Data, "encoder.log"), ["searchengine encodes gRPC on ", "searchengine encode: ready"], cancel).ConfigureAwait(false);
        try
        {
            (ChildServer search, string[] serves) = await ChildServer.StartAsync(
                ["serve", "--data", Path.Combine(options.Data, "collections"), "--port", options.Port.ToString(CultureInfo.InvariantCulture), "--encoder", encodes[0]],
                Path.Combine(options.Data, "server.log"), ["searchengine serves gRPC on "], cancel).ConfigureAwait(false);
            return new DemoServers(encoder, new Uri($"http://{encodes[0]}"), search, new Uri($"http://{serves[0]}"));
        }
        catch
        {
            await encoder.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Until the caller has enough.</summary>
    /// <exception cref="InputException">One of them ended by itself.</exception>
    public async Task StayAsync(CancellationToken cancel)
    {
        Task first = await Task.WhenAny(_encoder.Ended, _search.Ended, Task.Delay(Timeout.Infinite, cancel)).ConfigureAwait(false);
        // Ctrl-C reaches all processes of a terminal: who ends first is no news then.
        const int Courtesy = 500;
        await Task.WhenAny(Task.Delay(Courtesy, cancel)).ConfigureAwait(false);
        if (!cancel.IsCancellationRequested)
        {
            throw new InputException($"The {(first == _encoder.Ended ? "encoder" : "search server")} has ended; its log is beside the data.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _search.DisposeAsync().ConfigureAwait(false);
        await _encoder.DisposeAsync().ConfigureAwait(false);
    }
}
