namespace SearchEngine.Benchmarks.Vectors;

/// <summary>One selectivity at one accuracy, as a line of the output. Times are microseconds per search, the least of each query.</summary>
internal sealed record FilterLine(
    string Type, int N, int Dim, int K, string Accuracy, string Correlation, double Share, string Strategy, double EffectiveBreadth,
    double PlanUs, double ScanUs, double WalkUs, double CrossUs, double CollectUs, double Ratio, double Recall, double WalkRecall,
    double CrossRecall, double CollectRecall, double ScanRecall, double Scored, double CrossStarved, double CollectStarved);
