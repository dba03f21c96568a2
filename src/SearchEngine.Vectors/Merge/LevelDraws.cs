using SearchEngine.Vectors.Live;

namespace SearchEngine.Vectors.Merge;

/// <summary>The level of every row of a merge: the one it has in its graph, a new one where there is no graph.</summary>
internal sealed class LevelDraws(IReadOnlyList<GraphSource> sources, SegmentOptions options)
{
    private readonly LevelDraw _draw = new(options.MaxLinks, options.Seed);

    public int Of(int source, uint ordinal) => sources[source].Calibration is null
        ? _draw.Of(ordinal)
        : sources[source].LevelOf(ordinal);
}
