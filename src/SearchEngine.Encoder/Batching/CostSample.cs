namespace SearchEngine.Encoder.Batching;

/// <summary>A batch that was run on this machine.</summary>
internal readonly record struct CostSample(int Rows, int Length, double Millis)
{
    public int Tokens => Rows * Length;
}
