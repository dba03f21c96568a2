using SearchEngine.Models.Testing;

namespace SearchEngine.Encoder.Tests;

/// <summary>One encoder of the model with every head, for all tests of a class that do not change it.</summary>
public sealed class AllHeadsEncoder : IAsyncDisposable
{
    private readonly Lazy<TestFolder> _folder = new(TestFolder.OfAllHeads);
    private readonly Lazy<Task<RunningEncoder>> _encoder;

    // Started by the first test: a fixture cannot be skipped where ONNX Runtime's library is missing.
    public AllHeadsEncoder() => _encoder = new Lazy<Task<RunningEncoder>>(() => RunningEncoder.StartAsync(_folder.Value));

    internal async Task<EncoderApi> ApiAsync() => (await _encoder.Value).Api;

    public async ValueTask DisposeAsync()
    {
        if (_encoder is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _encoder.Value).DisposeAsync();
        if (_folder.IsValueCreated)
            _folder.Value.Dispose();
    }
}
