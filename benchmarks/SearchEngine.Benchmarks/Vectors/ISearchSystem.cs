namespace SearchEngine.Benchmarks.Vectors;

/// <summary>An index that can be measured in turns with others. It uses no processor time between passes.</summary>
internal interface ISearchSystem : IDisposable
{
    BuildLine Build { get; }

    bool HasAdaptiveStop { get; }

    /// <summary>All queries once on <paramref name="threads"/> threads, pinned to the first cores.</summary>
    PassResult Pass(OperatingPoint point, int threads);
}
