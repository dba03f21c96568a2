using System.Diagnostics;
using SearchEngine.Benchmarks.Collections;
using SearchEngine.Protocol.V1;
using SearchEngine.Rpc;

namespace SearchEngine.Benchmarks.Serve.Load;

/// <summary>Collects what became of the searches of one run.</summary>
/// <param name="hits">Every answer has so many.</param>
internal sealed class LoadCounts(int hits) : IAnswers
{
    private const int GrpcHeaderBytes = 5, ReadEvery = 64;

    private readonly List<double> _micros = [];
    private long _refused, _failed, _messages;

    /// <summary>Reads one of many: an answer that is fast and wrong would be counted as good.</summary>
    public void Message(ReadOnlySpan<byte> body)
    {
        if (_messages++ % ReadEvery == 0 && SearchReply.Parser.ParseFrom(body[GrpcHeaderBytes..]).Hits.Count != hits)
        {
            throw new InvalidOperationException($"A search found other than {hits}.");
        }
    }

    public void Ended(long due, int? status)
    {
        switch ((StatusCode?)status)
        {
            case StatusCode.Ok:
                _micros.Add(Stopwatch.GetElapsedTime(due).TotalMicroseconds);
                break;
            case StatusCode.Unavailable:
                _refused++;
                break;
            default:
                _failed++;
                break;
        }
    }

    public LoadRun ToRun(double seconds, double cpuMicros)
    {
        int answered = _micros.Count;
        return new LoadRun(answered + _refused + _failed, answered, _refused, _failed, seconds, Percentiles.Of(_micros), cpuMicros);
    }
}
