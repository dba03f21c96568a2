using System.Diagnostics;
using SearchEngine.Encoder.Operations;

namespace SearchEngine.Encoder.Calls;

/// <summary>Times how long the texts of a call take to tokenize.</summary>
internal readonly struct TokenizeTimer(EncoderMetrics metrics, Wire.Timings timings) : IDisposable
{
    private readonly long _began = Stopwatch.GetTimestamp();

    public void Dispose()
    {
        var elapsed = Stopwatch.GetElapsedTime(_began);
        timings.TokenizeMicros += (uint)elapsed.TotalMicroseconds;
        metrics.Tokenized(elapsed.TotalMilliseconds);
    }
}
