using Google.Protobuf;
using Google.Protobuf.Reflection;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;

namespace SearchEngine.Server.Encoders;

/// <summary>
/// One encoder process: the channel to it, what it told of its models, and whether it answers. Models stay known while it does not: it
/// may be back at any moment. Safe for concurrent use.
/// </summary>
internal sealed class EncoderConnection : IDisposable
{
    private static readonly ServiceDescriptor Service = Wire.EncoderReflection.Descriptor.Services[0];
    private static readonly RpcMethod<Wire.DescribeEncoderRequest, Wire.DescribeEncoderReply> DescribeMethod = new(Service, "Describe");
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly EncoderSettings _settings;
    private readonly RpcChannel _channel;
    private readonly Lock _gate = new();
    private Task? _refreshing;
    private long? _toldAt;
    private long _failedAt;
    private volatile string? _failure;
    private volatile IReadOnlyList<EncoderModel> _models = [];
    private int _inFlight;

    public EncoderConnection(Uri address, EncoderSettings settings)
    {
        _settings = settings;
        Name = address.Authority;
        _channel = new RpcChannel(address, new RpcChannelOptions
        {
            ConnectTimeout = ConnectTimeout,
            MaxReplyBytes = EncoderLimits.MaxReplyBytes,
            MaxRequestBytes = EncoderLimits.MaxRequestBytes,
            Time = settings.Time,
        });
    }

    public static RpcMethod<Wire.EncodeRequest, Wire.EncodeReply> Encode { get; } = new(Service, "Encode");

    public static RpcMethod<Wire.ScoreRequest, Wire.ScoreReply> Score { get; } = new(Service, "Score");

    /// <summary>Host and port: how errors and metrics call it.</summary>
    public string Name { get; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public IReadOnlyList<EncoderModel> Models => _models;

    /// <summary>Why it did not answer last time; null when it did, or was not asked yet.</summary>
    public string? Failure => _failure;

    /// <summary>Failed a moment ago: asking again now would only make callers wait.</summary>
    public bool IsResting => Failure is not null && _settings.Time.GetElapsedTime(Volatile.Read(ref _failedAt)) < _settings.RestAfterFailure;

    /// <summary>Asks for the models, unless they were told within <paramref name="age"/>. Never throws: a failure is a state.</summary>
    public Task RefreshAsync(TimeSpan age)
    {
        lock (_gate)
        {
            if (_refreshing is { IsCompleted: false } running)
            {
                return running;
            }
            bool isFresh = Failure is null && _toldAt is { } told && _settings.Time.GetElapsedTime(told) < age;
            return isFresh || IsResting ? Task.CompletedTask : _refreshing = DescribeAsync();
        }
    }

    /// <exception cref="RpcException">As the encoder, or the way to it, failed.</exception>
    public async Task<TReply> CallAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method, TRequest request, TimeSpan? timeout, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        Interlocked.Increment(ref _inFlight);
        long began = _settings.Time.GetTimestamp();
        try
        {
            TReply reply = await _channel.UnaryAsync(method, request, new CallOptions { Timeout = timeout, Retry = RetryPolicy.None }, cancel).ConfigureAwait(false);
            _failure = null;
            EncoderMetrics.Called(Name, method.Descriptor.Name, _settings.Time.GetElapsedTime(began));
            return reply;
        }
        catch (RpcException failed)
        {
            EncoderMetrics.Failed(Name, method.Descriptor.Name, failed.Reason ?? failed.Code.ToString());
            if (EncoderErrors.IsAbsence(failed))
            {
                Fail(failed);
            }
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task DescribeAsync()
    {
        try
        {
            Wire.DescribeEncoderReply reply = await CallAsync(
                DescribeMethod, new Wire.DescribeEncoderRequest(), _settings.DescribeTimeout, CancellationToken.None).ConfigureAwait(false);
            _models = [.. reply.Models.Take(EncoderLimits.MaxModels).Select(model => new EncoderModel(this, model))];
            lock (_gate)
            {
                _toldAt = _settings.Time.GetTimestamp();
            }
        }
        catch (RpcException failed)
        {
            Fail(failed);
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
        {
            _failure = "The connection is closed.";
        }
    }

    private void Fail(RpcException failed)
    {
        Volatile.Write(ref _failedAt, _settings.Time.GetTimestamp());
        _failure = Refusal.Shown(failed.Message);
    }
}
