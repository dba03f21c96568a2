namespace SearchEngine.Collections.Core;

/// <summary>What merges look at of an immutable segment.</summary>
/// <param name="Rows">Its documents, dead ones included.</param>
/// <param name="Dead">How many of them are dead.</param>
/// <param name="Pairs">Postings of the text field or sparse vector that has most of them.</param>
/// <param name="Searches">Searches that went through it since it was made; a larger segment in its place would have served them as well.</param>
/// <param name="Rewrites">How often in a row its rows were written again without growing well.</param>
internal readonly record struct SegmentSize(int Rows, int Dead, long Pairs = 0, long Searches = 0, int Rewrites = 0)
{
    public int Alive => Rows - Dead;

    /// <summary>At most what both make together: what is dead or in different fields counts too.</summary>
    public static SegmentSize operator +(SegmentSize a, SegmentSize b) =>
        new((int)Math.Min((long)a.Rows + b.Rows, int.MaxValue), a.Dead + b.Dead, a.Pairs + b.Pairs);
}
