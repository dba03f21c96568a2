using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SearchEngine.Rpc.Tests.Robustness.Raw;

/// <summary>Whether a connection gives back the window that received data takes.</summary>
internal enum Reading
{
    Always,
    Never,
}

/// <summary>
/// An HTTP/2 client that sends whatever it is told to. Settings and pings are acknowledged; the rest is up to the test.
/// Sends may come from several flows.
/// </summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private const ushort InitialWindowSetting = 4;

    private readonly Socket _socket;
    private readonly NetworkStream _network;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, RawStream> _streams = [];
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> _pings = [];
    private readonly TaskCompletionSource _settings = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goAway = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HeaderReader _headers = new();
    private readonly Reading _reading;
    private readonly Task _reader;
    private Http2Frame? _block;
    private int _nextStream = -1;
    private long _nextPing;

    private RawConnection(Socket socket, Reading reading)
    {
        _socket = socket;
        _network = new NetworkStream(socket, ownsSocket: true);
        _reading = reading;
        _reader = Task.Run(ReadAsync);
    }

    public static ReadOnlyMemory<byte> Preface { get; } = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    /// <summary>Complete once the server has closed its side, in order or not.</summary>
    public Task Closed => _reader;

    public Task GoAwayArrived => _goAway.Task;

    public uint? GoAwayCode { get; private set; }

    /// <summary>What broke the reader; null while all that came was HTTP/2.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>A connection on which nothing has been sent yet, not even the preface.</summary>
    public static async Task<RawConnection> DialAsync(int port, Reading reading = Reading.Always)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new RawConnection(socket, reading);
    }

    /// <param name="port">Of the loopback interface.</param>
    /// <param name="reading">Never lets the server's windows run dry.</param>
    /// <param name="streamWindow">How much the server may send on a stream before it is given more.</param>
    public static async Task<RawConnection> OpenAsync(int port, Reading reading = Reading.Always, uint streamWindow = 65_535)
    {
        RawConnection connection = await DialAsync(port, reading);
        await connection.SendAsync(Preface);
        await connection.SendAsync(Http2Frame.Settings((InitialWindowSetting, streamWindow)));
        await Guard.WaitAsync(connection._settings.Task, "the server's SETTINGS");
        return connection;
    }

    public RawStream NewStream() => Watch(Interlocked.Add(ref _nextStream, 2));

    /// <summary>Listens on a stream of the test's own choosing.</summary>
    public RawStream Watch(int id) => _streams.GetOrAdd(id, static key => new RawStream(key));

    public IEnumerable<RawStream> Streams => _streams.Values;

    public Task SendAsync(params Http2Frame[] frames) => SendAsync(frames.SelectMany(frame => frame.ToBytes()).ToArray());

    /// <summary>Sends bytes as they are. A connection that the server has closed swallows them: what came back tells.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _sending.WaitAsync();
        try
        {
            await _network.WriteAsync(bytes);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The server has hung up, which is an answer, too; the reader sees it.
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Starts a call; send its messages with <see cref="Http2Frame.Data"/>.</summary>
    public async Task<RawStream> CallAsync(string path, params (string Name, string Value)[] headers)
    {
        RawStream stream = NewStream();
        await SendAsync(Http2Frame.Headers(stream.Id, HeaderBlock.Write(HeaderBlock.Call(path, headers))));
        return stream;
    }

    /// <summary>A whole call: headers and body, END_STREAM at once.</summary>
    public async Task<RawStream> CallAsync(string path, byte[] body, params (string Name, string Value)[] headers)
    {
        RawStream stream = NewStream();
        await SendAsync([Http2Frame.Headers(stream.Id, HeaderBlock.Write(HeaderBlock.Call(path, headers))), .. Http2Frame.Body(stream.Id, body)]);
        return stream;
    }

    /// <summary>Complete once the server has answered a ping, and with it has read all that was sent before.</summary>
    public async Task PingAsync()
    {
        ulong payload = (ulong)Interlocked.Increment(ref _nextPing) | 0xabcd_0000_0000_0000;
        Task answered = _pings.GetOrAdd(payload, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        await SendAsync(Http2Frame.Ping(payload));
        await Task.WhenAny(answered, Closed);
    }

    /// <summary>Says that nothing follows (FIN) and waits until the server has hung up, too.</summary>
    public async Task FinishAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Already gone.
        }
        await Guard.WaitAsync(Closed, "the server to close a connection that the client has finished");
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        await _reader;
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] header = new byte[Http2Frame.HeaderBytes];
        try
        {
            while (await ReadExactlyAsync(header))
            {
                int length = (header[0] << 16) | (header[1] << 8) | header[2];
                byte[] payload = new byte[length];
                if (!await ReadExactlyAsync(payload)) break;
                int stream = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue;
                await TakeAsync(Join(new Http2Frame((FrameKind)header[3], header[4], stream, payload)));
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Reset by the peer or by our own disposal.
        }
        catch (Exception broken)
        {
            Broken = broken;
        }
        _settings.TrySetResult();
        _goAway.TrySetResult();
        foreach (RawStream stream in _streams.Values) stream.End();
    }

    private async Task<bool> ReadExactlyAsync(byte[] target) =>
        await _network.ReadAtLeastAsync(target, target.Length, throwOnEndOfStream: false) == target.Length;

    /// <summary>Holds a header block back until it is whole.</summary>
    private Http2Frame? Join(Http2Frame frame)
    {
        if (frame.Kind is not (FrameKind.Headers or FrameKind.Continuation)) return frame;
        Http2Frame whole = frame.Kind == FrameKind.Headers
            ? frame
            : _block! with { Flags = (byte)(_block.Flags | frame.Flags), Payload = [.. _block.Payload, .. frame.Payload] };
        _block = (whole.Flags & Http2Frame.EndHeaders) == 0 ? whole : null;
        return _block is null ? whole : null;
    }

    private async Task TakeAsync(Http2Frame? frame)
    {
        if (frame is null) return;
        switch (frame.Kind)
        {
            case FrameKind.Settings when (frame.Flags & Http2Frame.Ack) == 0:
                await SendAsync(new Http2Frame(FrameKind.Settings, Http2Frame.Ack, 0, []));
                _settings.TrySetResult();
                break;
            case FrameKind.Ping when (frame.Flags & Http2Frame.Ack) == 0:
                await SendAsync(frame with { Flags = Http2Frame.Ack });
                break;
            case FrameKind.Ping:
                if (_pings.TryRemove(BinaryPrimitives.ReadUInt64BigEndian(frame.Payload), out TaskCompletionSource? answered)) answered.TrySetResult();
                break;
            case FrameKind.GoAway:
                GoAwayCode = BinaryPrimitives.ReadUInt32BigEndian(frame.Payload.AsSpan(4));
                _goAway.TrySetResult();
                break;
            case FrameKind.Data or FrameKind.Headers or FrameKind.Reset:
                await TakeFromStreamAsync(frame);
                break;
        }
    }

    private async Task TakeFromStreamAsync(Http2Frame frame)
    {
        Watch(frame.StreamId).Take(frame, _headers);
        if (frame.Kind != FrameKind.Data || frame.Payload.Length == 0 || _reading == Reading.Never) return;
        await SendAsync(Http2Frame.WindowUpdate(0, (uint)frame.Payload.Length), Http2Frame.WindowUpdate(frame.StreamId, (uint)frame.Payload.Length));
    }
}
