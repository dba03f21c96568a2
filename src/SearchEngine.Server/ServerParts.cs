using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Operations;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Security;

namespace SearchEngine.Server;

/// <summary>What a server holds beside its transport, in the order in which it is made; it is freed the other way round, as far as it came.</summary>
internal sealed class ServerParts(ILoggerFactory logs, ReadinessBoard readiness) : IAsyncDisposable
{
    public ILoggerFactory Logs { get; } = logs;

    public ReadinessBoard Readiness { get; } = readiness;

    /// <summary>Null where nobody is asked for a key.</summary>
    public KeyRing? Keys { get; set; }

    /// <summary>Null where it is not served.</summary>
    public OperationsServer? Operations { get; set; }

    public ServerState? State { get; set; }

    public ServerWatch? Watch { get; set; }

    public EncoderReadiness? Encoders { get; set; }

    public async ValueTask DisposeAsync()
    {
        Encoders?.Dispose();
        Watch?.Dispose();
        State?.Dispose();
        if (Operations is not null)
        {
            await Operations.DisposeAsync().ConfigureAwait(false);
        }
        Keys?.Dispose();
        Logs.Dispose();
    }
}
