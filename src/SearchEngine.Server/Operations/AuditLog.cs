using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;

namespace SearchEngine.Server.Operations;

/// <summary>
/// Every write and every call that runs the server, a line of JSON each: when, who (a name, never a key), what, to which collection, how much
/// and with what outcome. Lines of admin calls are on the disk before their status is sent, others within a second. A log that cannot
/// be written is said in the server's log and counted; it stops no call.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly ArrayBufferWriter<byte> _line = new();
    private FileStream _file;
    private bool _closed;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public AuditLog(AuditOptions options, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _log = log;
        _file = Open();
        _timer = time.CreateTimer(static audit => ((AuditLog)audit!).Flush(), this, FlushEvery, FlushEvery);
    }

    /// <summary>Times that a line could not be written, or no new file be begun.</summary>
    public long Failures { get; private set; }

    /// <param name="error">Null for a call that ended well.</param>
    public void Write(ServerCall call, CallRecord record, Exception? error, AuditDurability durability)
    {
        lock (_gate)
        {
            try
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                if (!_file.CanWrite)
                {
                    // The last file was closed to begin another one, and that failed.
                    _file = Open();
                }
                Format(call, record, error);
                _file.Write(_line.WrittenSpan);
                if (durability == AuditDurability.OnDisk)
                {
                    _file.Flush(flushToDisk: true);
                }
                if (_file.Length >= _options.MaxBytes)
                {
                    Rotate();
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Failures++;
                ServerLog.AuditFailed(_log, failure);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _closed = true;
            try
            {
                _file.Dispose();
            }
            catch (IOException failure)
            {
                // What else the server holds is closed all the same.
                Failures++;
                ServerLog.AuditFailed(_log, failure);
            }
        }
    }

    private void Format(ServerCall call, CallRecord record, Exception? error)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("time", _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("caller", (call.Principal as Caller ?? Caller.Anyone).Name);
            json.WriteString("peer", (call.Peer as IPEndPoint)?.Address.ToString());
            json.WriteString("method", call.Method.Descriptor.FullName);
            json.WriteString("collection", record.Collection);
            json.WriteString("request_id", record.RequestId);
            json.WriteNumber("affected", record.Affected);
            json.WriteNumber("refused", record.Refused);
            json.WriteString("outcome", error switch
            {
                null => nameof(StatusCode.Ok),
                RpcException refused => refused.Code.ToString(),
                OperationCanceledException => nameof(StatusCode.Cancelled),
                _ => nameof(StatusCode.Internal),
            });
            json.WriteString("reason", (error as RpcException)?.Reason ?? "");
            json.WriteEndObject();
        }
        _line.Write("\n"u8);
    }

    private void Flush()
    {
        lock (_gate)
        {
            if (!_file.CanWrite)
            {
                return;
            }
            try
            {
                _file.Flush();
            }
            catch (IOException failure)
            {
                ServerLog.AuditFailed(_log, failure);
            }
        }
    }

    private void Rotate()
    {
        _file.Dispose();
        if (_options.MaxFiles == 1)
        {
            System.IO.File.Delete(_options.File!);
        }
        for (int number = _options.MaxFiles - 1; number > 0; number--)
        {
            string from = number == 1 ? _options.File! : Numbered(number - 1);
            if (System.IO.File.Exists(from))
            {
                System.IO.File.Move(from, Numbered(number), overwrite: true);
            }
        }
        _file = Open();
    }

    private string Numbered(int number) => $"{_options.File}.{number.ToString(CultureInfo.InvariantCulture)}";

    private FileStream Open() => new(_options.File!, FileMode.Append, FileAccess.Write, FileShare.Read, 64 << 10);
}
