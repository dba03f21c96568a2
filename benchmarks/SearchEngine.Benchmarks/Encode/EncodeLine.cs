namespace SearchEngine.Benchmarks.Encode;

/// <summary>One system's pass over the same texts; the processor time is the whole process's, which other jobs hardly touch.</summary>
internal sealed record ThroughputLine(
    string Type, string System, int Round, int Texts, long Tokens, double Seconds, double ProcessorSeconds, double TokensPerSecond, double PaddingShare);

/// <summary>
/// The ratios that are wanted: at least 0.9 of plain calls, at least 1.3 of the batcher, padding below 0.2. Of the plain calls the same in
/// processor time: what the service would reach if nothing of it ever waited.
/// </summary>
internal sealed record ThroughputSummary(string Type, double OfPlain, double OfFifo, double OfPlainByProcessor, double PaddingShare);

/// <summary>Latencies of one lane under the mixed load, in milliseconds from when each call was due.</summary>
internal sealed record LatencyLine(string Type, string System, int Round, string Lane, int Count, double P50, double P99, double TextsPerSecond);

/// <summary>The service's p99 of queries over the batcher's; at most 0.5 is wanted.</summary>
internal sealed record LatencySummary(string Type, double QueryP99, double FifoQueryP99, double Ratio, double BulkTextsPerSecond, double FifoBulkTextsPerSecond);

/// <summary>
/// What the service adds to a query of 32 tokens, in time at the median, at the tenth percentile (which other jobs of the machine touch less) and in
/// processor time, client included; below 0.1 at the median is wanted.
/// </summary>
internal sealed record OverheadLine(
    string Type, int Tokens, int Calls, double InferenceMillis, double ServiceMillis, double Overhead, double LowOverhead, double ProcessorOverhead);

/// <summary>Resident memory while texts of every length go through.</summary>
internal sealed record SoakLine(string Type, double Seconds, long Texts, double ResidentMb);

/// <summary>Means of the second and the last quarter of the time: flat where they are the same.</summary>
internal sealed record SoakSummary(string Type, double Minutes, long Texts, double EarlyMb, double LateMb, double GreatestMb, double MbPerMinute);
