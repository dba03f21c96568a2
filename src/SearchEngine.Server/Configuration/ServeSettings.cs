namespace SearchEngine.Server.Configuration;

/// <summary>Everything that can be configured of the search process.</summary>
public static class ServeSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("data", "./searchengine-data", "Directory of the collections; made if missing. One process at a time opens it."),
        new("backups", null, "Directory that snapshots may be copied to and restored from."),
        new("encoders", null, "Encoder process as host:port (or https://host:port); may be given several times. Without one, only vectors are searched.", "--encoder", IsList: true),
        new("listen.host", "127.0.0.1", "IP address to listen on.", "--host"),
        new("listen.port", "7700", "Port to listen on, 0 to 65,535; 0 takes a free one.", "--port"),
        new("listen.drain_seconds", "5", "How long calls in progress may go on after SIGTERM, 0 to 3,600.", "--drain-seconds"),
        new("listen.max_calls", "10000", "Calls in progress; one more is refused. 1 to 1,000,000."),
        new("tls.certificate", null, "PEM file with the server's certificate; serves TLS. Read again when it changes.", "--tls-cert"),
        new("tls.key", null, "PEM file with the certificate's unencrypted private key.", "--tls-key"),
        new("tls.client_authority", null, "PEM file; clients have to show a certificate from this authority.", "--tls-client-ca"),
        new("security.keys", null, "Key file (see `searchengine keys create`), read again when it changes. Without one the server listens on loopback only.", "--keys"),
        new("security.insecure", "false", "Serve without keys although other machines can connect.", "--insecure"),
        new("audit.file", null, "File for a line of JSON per write and admin call."),
        new("audit.max_bytes", "67108864", "Size from which on the audit log is begun anew, 4,096 to 1,099,511,627,776."),
        new("audit.max_files", "8", "Files of the audit log in all, 1 to 1,000."),
        new("operations.host", "127.0.0.1", "IP address of the port for metrics and readiness, which asks for no key."),
        new("operations.port", null, "Port of /metrics, /healthz and /readyz, 0 to 65,535; without one they are not served."),
        new("slow_log.threshold_ms", "100", "Calls that take as long are logged, 0 to 3,600,000."),
        new("slow_log.texts", "false", "Whether logs may show texts of queries and documents."),
        new("recheck.share", "0.001", "Share of the searches that are run again exactly in idle time, 0 to 1."),
        new("admission.max_wait_ms", "25", "How long an interactive search may have to wait, as far as is known when it arrives, 1 to 60,000."),
        new("admission.max_queue_ms", "200", "Predicted work that may wait in one lane, 1 to 60,000."),
        new("admission.max_caller_share", "0.5", "Share of a lane's queue that one caller may fill while others wait, above 0 to 1."),
        new("cursors.lifetime_seconds", "600", "How long cursors and resume keys live without use, 1 to 86,400."),
        new("engine.flush_rows", "65536", "Rows in memory from which on a segment is written, 16 to 16,777,216."),
        new("engine.link_threads", "1", "Threads per collection that link new rows, 1 to 64."),
        new("engine.upkeep_threads", "1", "Threads per collection of a flush or merge, 1 to 64."),
        new("engine.disk_reserve_bytes", "268435456", "Writes other than deletes are refused while less is free on the disk."),
        new("log.format", "text", "Of the server's log: text or json."),
        new("log.level", "Information", "Least level that is logged: Trace, Debug, Information, Warning, Error or Critical."),
    ];
}
