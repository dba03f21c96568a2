namespace SearchEngine.Training.Cooccurrence;

/// <summary>A sparse square matrix by rows: row i has Columns[i], ascending, with Values[i].</summary>
internal sealed record SparseRows(int[][] Columns, float[][] Values)
{
    public int Size => Columns.Length;
}
