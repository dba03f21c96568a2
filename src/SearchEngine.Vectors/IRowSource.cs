namespace SearchEngine.Vectors;

/// <summary>Float rows to build a segment from. Several threads copy rows at once.</summary>
public interface IRowSource
{
    int Count { get; }

    int Dimension { get; }

    /// <summary>Writes row <paramref name="row"/> into <paramref name="destination"/>, Dimension values.</summary>
    void CopyRow(int row, Span<float> destination);
}
