using Microsoft.Extensions.Logging;

namespace SearchEngine.Server;

/// <summary>Every message the search process logs beside its transport. Event ids are stable; values never hold keys, vectors or texts.</summary>
internal static partial class ServerLog
{
    public const string Category = "SearchEngine.Server";

    [LoggerMessage(101, LogLevel.Information, "Keys read: {Keys} in force, {Added} new, {Removed} gone, {Changed} changed.")]
    public static partial void KeysLoaded(ILogger log, int keys, int added, int removed, int changed);

    [LoggerMessage(102, LogLevel.Error, "The key file has changed but cannot be used; the keys in force stay in force.")]
    public static partial void KeysUnusable(ILogger log, Exception cause);

    [LoggerMessage(103, LogLevel.Warning, "Open access: nobody is asked for a key. {Why}")]
    public static partial void OpenAccess(ILogger log, string why);

    [LoggerMessage(105, LogLevel.Warning, "Slow call: {Call}")]
    public static partial void SlowCall(ILogger log, string call);

    [LoggerMessage(106, LogLevel.Error, "A line of the audit log could not be written.")]
    public static partial void AuditFailed(ILogger log, Exception cause);

    [LoggerMessage(107, LogLevel.Warning, "Wrong search: {Search}")]
    public static partial void WrongSearch(ILogger log, string search);

    [LoggerMessage(108, LogLevel.Error, "A search could not be checked again.")]
    public static partial void RecheckFailed(ILogger log, Exception cause);

    [LoggerMessage(109, LogLevel.Information, "Ready: {Collections} collections passed their self-test in {Seconds} s.")]
    public static partial void Ready(ILogger log, int collections, double seconds);

    [LoggerMessage(110, LogLevel.Error, "Not ready: collection {Collection} failed its self-test: {Reason}")]
    public static partial void SelfTestFailed(ILogger log, string collection, string reason);

    [LoggerMessage(104, LogLevel.Warning, "Keys travel unencrypted: the server listens on {Address} without TLS.")]
    public static partial void KeysInTheClear(ILogger log, string address);
}
