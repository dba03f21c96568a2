using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SearchEngine.Benchmarks.Serve.Load;

/// <summary>
/// The client's end of one HTTP/2 connection, as much of it as sending prepared requests takes: no thread, no timer, no wait. One thread
/// uses it. A client library costs about as much per call as the server does, which leaves little of a small machine to measure.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int OutputBytes = 1 << 20, InputBytes = 1 << 18, FrameHeaderBytes = 9;
    private const int WindowBytes = int.MaxValue, DefaultWindow = 65_535, DefaultStreams = 100;
    private const byte DataFrame = 0, HeadersFrame = 1, ResetFrame = 3, SettingsFrame = 4, PingFrame = 6, GoAwayFrame = 7, WindowFrame = 8;
    private const byte EndStream = 1, Ack = 1;
    private const int TableSizeSetting = 1, PushSetting = 2, StreamsSetting = 3, WindowSetting = 4;

    private readonly Socket _socket;
    private readonly byte[] _output = new byte[OutputBytes];
    private readonly byte[] _input = new byte[InputBytes];
    private readonly Dictionary<int, long> _due = [];
    private int _outputStart, _outputEnd, _inputEnd;
    private int _nextStream = 1;
    private int _maxStreams = DefaultStreams;
    private long _sendWindow = DefaultWindow, _unacknowledged;

    public LoadConnection(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
        _socket.Blocking = false;
        Put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Span<byte> settings = stackalloc byte[18];
        Setting(settings, TableSizeSetting, 0); // So that statuses stand in the answers as they are, see StatusOf.
        Setting(settings[6..], PushSetting, 0);
        Setting(settings[12..], WindowSetting, WindowBytes);
        PutFrame(SettingsFrame, 0, 0, settings);
        PutWindow(WindowBytes - DefaultWindow);
        Flush();
    }

    public nint Handle => _socket.Handle;

    public int InFlight => _due.Count;

    /// <summary>The socket has not taken all yet.</summary>
    public bool WantsWrite => _outputEnd > _outputStart;

    /// <param name="due">When it should have been sent.</param>
    /// <returns>False where the server's limits or the socket allow no more until something has come back.</returns>
    public bool TrySend(RequestTemplate request, long due)
    {
        if (_due.Count >= _maxStreams || _sendWindow < request.BodyBytes || OutputBytes - _outputEnd < request.Length)
        {
            return false;
        }
        request.CopyTo(_output.AsSpan(_outputEnd), _nextStream);
        _outputEnd += request.Length;
        _sendWindow -= request.BodyBytes;
        _due.Add(_nextStream, due);
        _nextStream += 2;
        return true;
    }

    public void Flush()
    {
        while (WantsWrite)
        {
            int sent = _socket.Send(_output.AsSpan(_outputStart, _outputEnd - _outputStart), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                break;
            }
            _outputStart += error == SocketError.Success ? sent : throw new SocketException((int)error);
        }
        _output.AsSpan(_outputStart, _outputEnd - _outputStart).CopyTo(_output);
        _outputEnd -= _outputStart;
        _outputStart = 0;
    }

    /// <summary>Takes what has come and tells of every answer that is complete.</summary>
    public void Receive(IAnswers answers)
    {
        int received = _socket.Receive(_input.AsSpan(_inputEnd), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return;
        }
        _inputEnd += error == SocketError.Success && received > 0 ? received : throw new IOException($"The server closed the connection ({error}).");
        int start = 0;
        while (_inputEnd - start >= FrameHeaderBytes)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(_input.AsSpan(start)) >>> 8;
            if (_inputEnd - start < FrameHeaderBytes + length)
            {
                break;
            }
            Take(_input.AsSpan(start, FrameHeaderBytes), _input.AsSpan(start + FrameHeaderBytes, length), answers);
            start += FrameHeaderBytes + length;
        }
        _input.AsSpan(start, _inputEnd - start).CopyTo(_input);
        _inputEnd -= start;
    }

    public void Dispose() => _socket.Dispose();

    private void Take(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, IAnswers answers)
    {
        byte type = header[3], flags = header[4];
        int stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]);
        switch (type)
        {
            case DataFrame:
                answers.Message(payload);
                Acknowledge(payload.Length);
                break;
            case HeadersFrame when (flags & EndStream) != 0:
                End(stream, StatusOf(payload), answers);
                break;
            case ResetFrame:
                End(stream, null, answers);
                break;
            case SettingsFrame when (flags & Ack) == 0:
                Take(payload);
                PutFrame(SettingsFrame, Ack, 0, []);
                break;
            case PingFrame when (flags & Ack) == 0:
                PutFrame(PingFrame, Ack, 0, payload);
                break;
            case WindowFrame when stream == 0:
                _sendWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case GoAwayFrame:
                throw new IOException(
                    $"The server ended the connection: error {BinaryPrimitives.ReadInt32BigEndian(payload[4..])}. {Encoding.UTF8.GetString(payload[8..])}");
        }
    }

    private void End(int stream, int? status, IAnswers answers)
    {
        if (_due.Remove(stream, out long due))
        {
            answers.Ended(due, status);
        }
    }

    // The window of a stream is as large as what the server may ever send in it; that of the connection is filled up again.
    private void Acknowledge(int bytes)
    {
        _unacknowledged += bytes;
        if (_unacknowledged > WindowBytes / 2)
        {
            PutWindow((int)_unacknowledged);
            _unacknowledged = 0;
        }
    }

    private void Take(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= 6; settings = settings[6..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(settings) == StreamsSetting)
            {
                _maxStreams = BinaryPrimitives.ReadInt32BigEndian(settings[2..]);
            }
        }
    }

    // No dynamic table and no Huffman code: the name stands there as it is, and its value behind a byte of length.
    private static int? StatusOf(ReadOnlySpan<byte> block)
    {
        ReadOnlySpan<byte> name = "grpc-status"u8;
        int at = block.IndexOf(name);
        return at >= 0 && int.TryParse(block.Slice(at + name.Length + 1, block[at + name.Length]), CultureInfo.InvariantCulture, out int status) ? status : null;
    }

    private static void Setting(Span<byte> target, int id, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)id);
        BinaryPrimitives.WriteInt32BigEndian(target[2..], value);
    }

    private void PutWindow(int bytes)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        PutFrame(WindowFrame, 0, 0, payload);
    }

    private void PutFrame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[FrameHeaderBytes];
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8);
        header[3] = type;
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        Put(header);
        Put(payload);
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output.AsSpan(_outputEnd));
        _outputEnd += bytes.Length;
    }
}
