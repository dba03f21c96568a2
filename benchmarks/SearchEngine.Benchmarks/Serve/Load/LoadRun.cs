using SearchEngine.Benchmarks.Collections;

namespace SearchEngine.Benchmarks.Serve.Load;

/// <summary>What a load generator saw.</summary>
/// <param name="Sent">Searches sent.</param>
/// <param name="Answered">Of these, answered well.</param>
/// <param name="Refused">Of these, refused at the door.</param>
/// <param name="Failed">Of these, ended in any other way.</param>
/// <param name="Seconds">Until the last was answered.</param>
/// <param name="Latencies">Of those answered well, from the moment each was due.</param>
/// <param name="OwnCpuMicros">Processor time of the generator.</param>
internal sealed record LoadRun(
    long Sent, long Answered, long Refused, long Failed, double Seconds, Percentiles Latencies, double OwnCpuMicros)
{
    public double SentPerSecond => Sent / Seconds;

    public double AnsweredPerSecond => Answered / Seconds;
}
