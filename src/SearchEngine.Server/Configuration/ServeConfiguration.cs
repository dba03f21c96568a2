using System.Net;
using Microsoft.Extensions.Logging;
using SearchEngine.Collections;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Security;

namespace SearchEngine.Server.Configuration;

/// <summary>The configuration of a search process, checked: file, environment and flags in one tree of options.</summary>
public sealed class ServeConfiguration
{
    private const long MiB = 1 << 20;

    private ServeConfiguration(ConfigurationReader reader)
    {
        Values = reader.Values;
        Server = ReadServer(reader);
        Rpc = ReadRpc(reader);
        LogFormat = reader.Choice<LogFormat>("log.format");
        LogLevel = reader.Choice<LogLevel>("log.level");
    }

    /// <summary>What is in force and where it came from. Secrets are not among them: keys and certificates are named by file.</summary>
    public IReadOnlyList<ConfiguredValue> Values { get; }

    public SearchServerOptions Server { get; }

    public RpcServerOptions Rpc { get; }

    public LogFormat LogFormat { get; }

    public LogLevel LogLevel { get; }

    /// <param name="file">JSON; null for none.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="flags">Those given on the command line, by the key of their setting.</param>
    /// <exception cref="ConfigurationException">A value, or a name, cannot be used: says which, the range, and what it would do.</exception>
    public static ServeConfiguration Load(
        string? file, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, IReadOnlyList<string>> flags) =>
        new(new ConfigurationReader(file, environment, flags));

    private static SearchServerOptions ReadServer(ConfigurationReader reader) => new()
    {
        DataDirectory = reader.Text("data")!,
        BackupDirectory = reader.Text("backups"),
        Encoders = [.. reader.Texts("encoders").Select(encoder => Encoder(reader, encoder))],
        Security = new SecurityOptions { KeyFile = reader.Text("security.keys"), AllowOpenAccess = reader.IsTrue("security.insecure") },
        MaxWait = TimeSpan.FromMilliseconds(reader.Integer("admission.max_wait_ms", 1, 60_000, "less refuses searches in a short rush, more makes all late in a long one")),
        MaxQueue = TimeSpan.FromMilliseconds(reader.Integer("admission.max_queue_ms", 1, 60_000, "less refuses every search that waits, more makes all late")),
        MaxCallerShare = reader.Number("admission.max_caller_share", 0.01, 1, "a caller with no share is always refused while others wait"),
        CursorLifetime = TimeSpan.FromSeconds(reader.Integer("cursors.lifetime_seconds", 1, 86_400, "a cursor holds up the files of its snapshot")),
        Engine = new CollectionSettings
        {
            FlushRows = (int)reader.Integer("engine.flush_rows", 16, 1 << 24, "the segment in memory reserves addresses for twice as many"),
            LinkThreads = (int)reader.Integer("engine.link_threads", 1, 64, "somebody must link"),
            UpkeepThreads = (int)reader.Integer("engine.upkeep_threads", 1, 64, "somebody must flush and merge"),
            DiskReserveBytes = reader.Integer("engine.disk_reserve_bytes", 0, 1L << 50, "without a reserve a full disk ends writes in the middle"),
        },
        Watch = new WatchOptions
        {
            Listen = reader.Text("operations.port") is null ? null : EndPoint(reader, "operations"),
            SlowThreshold = TimeSpan.FromMilliseconds(reader.Number("slow_log.threshold_ms", 0, 3_600_000, "0 logs every call")),
            ShowTexts = reader.IsTrue("slow_log.texts"),
            RecheckShare = reader.Number("recheck.share", 0, 1, "0 checks nothing, 1 checks all that idle time allows"),
            Audit = new AuditOptions
            {
                File = reader.Text("audit.file"),
                MaxBytes = reader.Integer("audit.max_bytes", 4_096, MiB * MiB, "smaller files hold a few lines only"),
                MaxFiles = (int)reader.Integer("audit.max_files", 1, 1_000, "the log needs a file"),
            },
        },
    };

    private static RpcServerOptions ReadRpc(ConfigurationReader reader) => new()
    {
        Listen = EndPoint(reader, "listen"),
        DrainTime = TimeSpan.FromSeconds(reader.Number("listen.drain_seconds", 0, 3_600, "whoever stops the process waits as long")),
        MaxConcurrentCalls = (int)reader.Integer("listen.max_calls", 1, 1_000_000, "fewer than 1 refuses every call"),
        Tls = Tls(reader),
    };

    private static IPEndPoint EndPoint(ConfigurationReader reader, string section) => new(
        reader.Address(section + ".host"), (int)reader.Integer(section + ".port", IPEndPoint.MinPort, IPEndPoint.MaxPort, "nothing listens there"));

    private static TlsOptions? Tls(ConfigurationReader reader)
    {
        (string? certificate, string? key, string? authority) = (reader.Text("tls.certificate"), reader.Text("tls.key"), reader.Text("tls.client_authority"));
        if (certificate is null && key is null && authority is null)
        {
            return null;
        }
        return certificate is not null && key is not null
            ? new TlsOptions
            {
                CertificatePath = certificate,
                KeyPath = key,
                ClientAuthorityPath = authority,
                ClientCertificates = authority is null ? ClientCertificates.Ignored : ClientCertificates.Required,
            }
            : throw new ConfigurationException(
                "tls", 0, "tls.certificate (--tls-cert) and tls.key (--tls-key) only work together, and tls.client_authority (--tls-client-ca) needs both.", "Set both, or none.");
    }

    // A port is never guessed: the one of the scheme is nobody's encoder.
    private static Uri Encoder(ConfigurationReader reader, string encoder) =>
        encoder.TrimEnd('/').Split('/')[^1].Contains(':', StringComparison.Ordinal)
        && Uri.TryCreate(encoder.Contains("://", StringComparison.Ordinal) ? encoder : $"http://{encoder}", UriKind.Absolute, out Uri? address)
        && address is { Scheme: "http" or "https", Port: > 0, AbsolutePath: "/" }
            ? address
            : throw reader.Wrong("encoders", "is no host:port", "Write host:port, or https://host:port.");
}
