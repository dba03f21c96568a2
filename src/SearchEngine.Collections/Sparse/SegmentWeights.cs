using SearchEngine.Collections.Attributes;
using SearchEngine.Collections.Postings;
using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Sparse;

/// <summary>The weights of one sparse vector of a segment, mapped. Every number of the file is checked before it is used.</summary>
internal sealed class SegmentWeights : IWeightIndex
{
    private readonly MappedArray<uint> _dimensions;
    private readonly SegmentPostings _postings;

    public SegmentWeights(SectionFile file, int position, int rows)
    {
        MappedArray<long> counts = file.Array<long>(WeightSections.Of(position, WeightSections.Counts));
        if (counts.Length != 2 || counts[0] != rows || counts[1] < 0 || counts[1] > rows)
        {
            throw StorageErrors.Damaged(file.Path, $"sparse vector {position} is not one of a segment with {rows} documents");
        }
        _dimensions = file.Array<uint>(WeightSections.Of(position, WeightSections.Dimensions));
        _postings = new SegmentPostings(file, WeightSections.PostingsOf(position), _dimensions.Length, rows);
    }

    /// <summary>Pairs of a dimension and a document.</summary>
    public long Pairs => _postings.Pairs;

    public IPostings? Find(uint dimension)
    {
        int at = SortedSearch.FirstAtLeast(_dimensions.Span, dimension);
        return at < _dimensions.Length && _dimensions[at] == dimension ? _postings.Of(at) : null;
    }
}
