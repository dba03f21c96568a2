using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SearchEngine.Rpc.Tests.Robustness.Raw;

/// <summary>
/// An HTTP/2 server that answers the first frame of every stream with bytes of the test's choosing, and closes the connection
/// after it when told to.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, byte[]?> _answer;
    private readonly Task _accepting;

    /// <param name="answer">From a stream's number to what is sent; null closes the connection without a word.</param>
    public HostileServer(Func<int, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream network = client.GetStream();
            byte[] header = new byte[Http2Frame.HeaderBytes];
            try
            {
                await network.ReadExactlyAsync(new byte[RawConnection.Preface.Length], _stop.Token);
                await network.WriteAsync(Http2Frame.Settings().ToBytes(), _stop.Token);
                while (true)
                {
                    await network.ReadExactlyAsync(header, _stop.Token);
                    await network.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]], _stop.Token);
                    if ((FrameKind)header[3] == FrameKind.Settings && (header[4] & Http2Frame.Ack) == 0)
                    {
                        await network.WriteAsync(new Http2Frame(FrameKind.Settings, Http2Frame.Ack, 0, []).ToBytes(), _stop.Token);
                    }
                    if ((FrameKind)header[3] != FrameKind.Headers) continue;
                    if (_answer(BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5))) is not { } answer) return;
                    await network.WriteAsync(answer, _stop.Token);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The client hung up, or the test is over.
            }
        }
    }
}
