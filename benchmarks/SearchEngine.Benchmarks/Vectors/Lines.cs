namespace SearchEngine.Benchmarks.Vectors;

/// <summary>
/// One built or opened index, as a line of the output. Property names in snake case are the contract of the file.
/// </summary>
internal sealed record BuildLine(
    string Type, string System, string Config, int N, int Dim, int Threads, double Seconds, long BytesOnDisk, double ResidentMb);

/// <summary>One system at one breadth (and margin of the adaptive stop), as a line of the output.</summary>
internal sealed record SearchLine(
    string Type, string System, string Config, int Breadth, int Threads, double Recall10, double QpsBest, double QpsMedian,
    double P50Us, double P99Us, double Scored, double Hops, double? Margin);

/// <summary>What one pass over all queries showed. Counts are means per query; peers do not report them.</summary>
internal sealed record PassResult(double Recall10, double Qps, double P50Us, double P99Us, double Scored = 0, double Hops = 0);

/// <summary>Where on the curve a system is measured.</summary>
internal readonly record struct OperatingPoint(int Breadth, double? Margin);
