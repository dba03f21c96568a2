namespace SearchEngine.Benchmarks.Collections;

/// <summary>What one filter costs on one kind of segment.</summary>
/// <param name="Source">segment or live.</param>
/// <param name="Micros">Median, bitmap included.</param>
/// <param name="LeastMicros">The quickest run, which other load on the machine disturbs least.</param>
internal sealed record FilterLine(
    string Source, string Filter, int Rows, int Matches, double Micros, double LeastMicros, long AllocatedBytes, long EstimateLeast, long EstimateMost);
