using Google.Protobuf;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Client;
using SearchEngine.Server.Spaces;

namespace SearchEngine.Server.Encoders;

/// <summary>
/// The encoder processes of this server: finds the one for a space or a model, asks another when one fails, and keeps what they told
/// fresh. A text is sent only to a model whose space is the one the collection is bound to.
/// </summary>
internal sealed class EncoderPool : IDisposable
{
    private readonly EncoderSettings _settings;
    private readonly EncoderConnection[] _connections;
    private readonly CancellationTokenSource _closing = new();

    public EncoderPool(EncoderSettings settings)
    {
        _settings = settings;
        _connections = [.. settings.Addresses.Select(address => new EncoderConnection(address, settings))];
        if (_connections.Length > 0)
        {
            _ = KeepFreshAsync(_closing.Token);
        }
    }

    public IReadOnlyList<EncoderConnection> Connections => _connections;

    /// <summary>Something was learned of the encoders: asked for the models again, whatever came of it.</summary>
    public event Action? Refreshed;

    /// <summary>The models that give vectors of a collection's vector.</summary>
    /// <param name="field">What asks for one, for the error.</param>
    /// <exception cref="RpcException">ENCODER_NONE, ENCODER_DOWN or ENCODER_MISMATCH: no text has left the process.</exception>
    public async ValueTask<IReadOnlyList<EncoderModel>> OfVectorAsync(VectorSchema vector, string field, CancellationToken cancel)
    {
        if (_connections.Length == 0 || BoundSpace.Of(vector) is not { Binding.KindCase: Wire.SpaceBinding.KindOneofCase.Encoder } bound)
        {
            throw EncoderErrors.None(field);
        }
        IReadOnlyList<EncoderModel> found = await ConnectedAsync(vector, cancel).ConfigureAwait(false);
        if (found.Count > 0)
        {
            return found;
        }
        ThrowIfAbsent();
        if (Known(model => model.Space == bound.Id).FirstOrDefault() is { } unready)
        {
            throw EncoderErrors.Down(unready.Connection.Name, $"its model \"{unready.Name}\" has not passed its self-test yet.");
        }
        string spaces = string.Join(", ", Known(static model => model.Encodes).Select(static model => model.Space).Distinct(StringComparer.Ordinal));
        throw EncoderErrors.Mismatch(vector.Name, bound.Id, spaces.Length == 0 ? "none" : spaces, Names(_connections));
    }

    /// <summary>The same, none where no connected encoder has one.</summary>
    public async ValueTask<IReadOnlyList<EncoderModel>> ConnectedAsync(VectorSchema vector, CancellationToken cancel) =>
        BoundSpace.Of(vector) is { Binding.KindCase: Wire.SpaceBinding.KindOneofCase.Encoder } bound
            ? await FindAsync(model => model.Encodes && model.Space == bound.Id, cancel).ConfigureAwait(false)
            : [];

    /// <summary>The models of a name that encode; without a name the first of each encoder.</summary>
    public ValueTask<IReadOnlyList<EncoderModel>> EncodersAsync(string name, string field, CancellationToken cancel) =>
        NamedAsync(name, field, static model => model.Encodes, cancel);

    /// <summary>The rerank models of a name; without a name the first of each encoder.</summary>
    public ValueTask<IReadOnlyList<EncoderModel>> ScorersAsync(string name, string field, CancellationToken cancel) =>
        NamedAsync(name, field, static model => model.Scores, cancel);

    /// <summary>Calls one of the models; where it fails for a reason that may pass, another one or the same one again while there is time.</summary>
    /// <param name="models">Those that could serve the call; not empty.</param>
    /// <param name="method">Without side effects, as all of the encoder's methods are.</param>
    /// <param name="request">Made for the model that is asked.</param>
    /// <param name="left">Time that is left; null for ever.</param>
    /// <param name="pathOf">Where a field of the encoder's request stands in the caller's.</param>
    public async Task<(TReply Reply, EncoderModel Model)> CallAsync<TRequest, TReply>(
        IReadOnlyList<EncoderModel> models, RpcMethod<TRequest, TReply> method, Func<EncoderModel, TRequest> request, TimeSpan? left,
        Func<string, string> pathOf, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        long began = _settings.Time.GetTimestamp();
        EncoderModel[] order = [.. models.OrderBy(static model => model.Connection.IsResting).ThenBy(static model => model.Connection.InFlight)];
        for (int attempt = 0; ; attempt++)
        {
            EncoderModel model = order[attempt % order.Length];
            if (model.Connection is { IsResting: true, Failure: { } failure } && attempt == 0)
            {
                throw EncoderErrors.Down(Names(order.Select(static m => m.Connection)), failure);
            }
            try
            {
                TimeSpan? timeout = left - _settings.DeadlineMargin - _settings.Time.GetElapsedTime(began);
                if (timeout <= TimeSpan.Zero)
                {
                    throw new RpcException(StatusCode.DeadlineExceeded, "No time is left.");
                }
                return (await model.Connection.CallAsync(method, request(model), timeout, cancel).ConfigureAwait(false), model);
            }
            catch (RpcException failed)
            {
                bool isLast = attempt + 1 >= _settings.MaxAttempts || !EncoderErrors.MayPass(failed);
                TimeSpan delay = attempt + 1 < order.Length ? TimeSpan.Zero : failed.RetryDelay ?? _settings.FirstDelay * (1 << attempt);
                if (isLast || delay >= left - _settings.Time.GetElapsedTime(began) || delay > _settings.ProbeEvery)
                {
                    throw EncoderErrors.Of(failed, model.Connection, pathOf);
                }
                if (delay > TimeSpan.Zero)
                {
                    await Task.Delay(delay, _settings.Time, cancel).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>What a model told was not so: asks all of them again at the next opportunity.</summary>
    public void Distrust()
    {
        foreach (EncoderConnection connection in _connections)
        {
            _ = connection.RefreshAsync(TimeSpan.Zero);
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        foreach (EncoderConnection connection in _connections)
        {
            connection.Dispose();
        }
        _closing.Dispose();
    }

    private async ValueTask<IReadOnlyList<EncoderModel>> NamedAsync(
        string name, string field, Func<EncoderModel, bool> serves, CancellationToken cancel)
    {
        IReadOnlyList<EncoderModel> found = await FindAsync(model => serves(model) && (name.Length == 0 || model.Name == name), cancel).ConfigureAwait(false);
        if (found.Count > 0)
        {
            // Without a name, the first model that was found decides, and others stand in only if they are the same one.
            return name.Length > 0 ? Alike(found, found[0]) : Alike(found, found.FirstOrDefault(static model => !model.Connection.IsResting) ?? found[0]);
        }
        ThrowIfAbsent();
        throw EncoderErrors.UnknownModel(name, field, Known(serves).Select(static model => model.Name).Distinct(StringComparer.Ordinal));
    }

    /// <summary>First among what is known; only where that has none the encoders are asked, those that are not resting.</summary>
    private async ValueTask<IReadOnlyList<EncoderModel>> FindAsync(Func<EncoderModel, bool> fits, CancellationToken cancel)
    {
        EncoderModel[] found = [.. Known(fits)];
        if (found.Length > 0)
        {
            return found;
        }
        await Task.WhenAll(_connections.Select(connection => connection.RefreshAsync(_settings.RestAfterFailure))).WaitAsync(cancel).ConfigureAwait(false);
        Refreshed?.Invoke();
        return [.. Known(fits)];
    }

    private IEnumerable<EncoderModel> Known(Func<EncoderModel, bool> fits) => _connections.SelectMany(static connection => connection.Models).Where(fits);

    // Another model's scores or vectors are no substitute, whatever it is called.
    private static EncoderModel[] Alike(IReadOnlyList<EncoderModel> found, EncoderModel first) =>
        [.. found.Where(model => model.Name == first.Name && model.Description.Fingerprint?.Space == first.Description.Fingerprint?.Space)];

    private void ThrowIfAbsent()
    {
        EncoderConnection[] absent = [.. _connections.Where(static connection => connection.Failure is not null)];
        if (absent.Length > 0)
        {
            throw EncoderErrors.Down(Names(absent), absent[0].Failure!);
        }
    }

    private async Task KeepFreshAsync(CancellationToken closing)
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await Task.WhenAll(_connections.Select(connection => connection.RefreshAsync(_settings.RefreshEvery))).ConfigureAwait(false);
                Refreshed?.Invoke();
                bool isWhole = _connections.All(static c => c.Failure is null && c.Models.All(static model => model.Description.SelfTestPassed));
                await Task.Delay(isWhole ? _settings.RefreshEvery : _settings.ProbeEvery, _settings.Time, closing).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                // The server stops.
            }
        }
    }

    private static string Names(IEnumerable<EncoderConnection> connections) =>
        string.Join(", ", connections.Select(static connection => connection.Name).Distinct(StringComparer.Ordinal));
}
