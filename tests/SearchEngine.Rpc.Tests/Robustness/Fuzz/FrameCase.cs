using SearchEngine.Rpc.Tests.Probe;
using SearchEngine.Rpc.Tests.Robustness.Raw;

namespace SearchEngine.Rpc.Tests.Robustness.Fuzz;

/// <summary>The frames of a few calls, reordered, repeated, lost, lied about, mixed with frames that have no place there.</summary>
internal sealed class FrameCase
{
    private static readonly byte[] Message = GrpcBytes.Frame(new ProbeRequest { Load = new Load { Name = "frame" } });
    private static readonly string[] Paths = [ProbePaths.Echo, ProbePaths.Count, ProbePaths.Collect, ProbePaths.Chat, ProbePaths.Watch];

    private readonly Random _random;

    public FrameCase(int seed)
    {
        _random = new Random(seed);
        List<Http2Frame> frames = Calls();
        for (int i = _random.Next(1, 5); i > 0; i--) Step(frames);
        byte[] bytes = [.. frames.SelectMany(frame => frame.ToBytes())];
        if (_random.Next(8) == 0) bytes = ByteMutation.Apply(_random, bytes);
        Bytes = bytes;
        // Some clients send everything before they have seen the server's settings, some do not even know the preface.
        WithPreface = _random.Next(40) != 0;
    }

    public byte[] Bytes { get; }

    public bool WithPreface { get; }

    private List<Http2Frame> Calls()
    {
        var frames = new List<Http2Frame>();
        int stream = 1;
        for (int i = _random.Next(1, 4); i > 0; i--, stream += 2)
        {
            string path = Paths[_random.Next(Paths.Length)];
            frames.Add(Http2Frame.Headers(stream, HeaderBlock.Write(HeaderBlock.Call(path, ("grpc-timeout", "5S")))));
            for (int messages = _random.Next(0, 3); messages > 0; messages--) frames.Add(Http2Frame.Data(stream, Message));
            if (_random.Next(5) != 0) frames.Add(Http2Frame.Data(stream, Message, Http2Frame.EndStream));
        }
        return frames;
    }

    private void Step(List<Http2Frame> frames)
    {
        int at = _random.Next(frames.Count);
        Http2Frame frame = frames[at];
        switch (_random.Next(9))
        {
            case 0:
                frames[at] = frame with { Flags = (byte)(frame.Flags ^ (1 << _random.Next(8))) };
                break;
            case 1:
                frames[at] = frame with { StreamId = StreamId() };
                break;
            case 2:
                frames[at] = frame with { Kind = (FrameKind)_random.Next(12) };
                break;
            case 3:
                frames[at] = frame with { ClaimedLength = _random.Next(4) == 0 ? 0xffffff : _random.Next(64) };
                break;
            case 4:
                frames[at] = frame with { Payload = ByteMutation.Apply(_random, frame.Payload) };
                break;
            case 5 when frames.Count > 1:
                frames.RemoveAt(at);
                break;
            case 6:
                frames.Insert(_random.Next(frames.Count + 1), frame);
                break;
            default:
                frames.Insert(at, Stray());
                break;
        }
    }

    private int StreamId() => _random.Next(6) switch { 0 => 0, 1 => 2, 2 => int.MaxValue, 3 => -1, _ => _random.Next(1, 10) };

    private Http2Frame Stray() => _random.Next(12) switch
    {
        0 => Http2Frame.Reset(StreamId(), (uint)_random.Next(16)),
        1 => Http2Frame.WindowUpdate(StreamId(), _random.Next(3) switch { 0 => 0, 1 => int.MaxValue, _ => (uint)_random.Next() }),
        2 => Http2Frame.Settings(((ushort)_random.Next(8), _random.Next(2) == 0 ? uint.MaxValue : (uint)_random.Next(100_000))),
        3 => Http2Frame.Ping((ulong)_random.NextInt64(), (byte)_random.Next(2)),
        4 => new Http2Frame(FrameKind.GoAway, 0, 0, new byte[_random.Next(4, 16)]),
        5 => new Http2Frame(FrameKind.Continuation, (byte)_random.Next(8), StreamId(), new byte[_random.Next(20)]),
        6 => new Http2Frame(FrameKind.PushPromise, 4, StreamId(), new byte[_random.Next(20)]),
        7 => new Http2Frame(FrameKind.Priority, 0, StreamId(), new byte[_random.Next(3, 8)]),
        8 => Http2Frame.Data(StreamId(), new byte[_random.Next(20_000)], (byte)_random.Next(16)),
        9 => new Http2Frame((FrameKind)_random.Next(10, 256), (byte)_random.Next(256), StreamId(), new byte[_random.Next(50)]),
        10 => new Http2Frame(FrameKind.Settings, Http2Frame.Ack, 0, new byte[_random.Next(2) * 6]),
        _ => Http2Frame.Headers(StreamId(), HeaderBlock.Write(HeaderBlock.Call(ProbePaths.Echo)), (byte)_random.Next(64)),
    };
}
