namespace SearchEngine.Vectors.Files;

/// <summary>Sees what a scrub reads, block by block, and may take its time.</summary>
public interface IScrubObserver
{
    /// <param name="bytes">Of the block that was read and checked just now.</param>
    void Checked(int bytes);
}
