using SearchEngine.Collections.Postings;

namespace SearchEngine.Collections.Sparse;

/// <summary>The weights of one sparse vector in one segment of a view, by dimension; dead rows are in it.</summary>
internal interface IWeightIndex
{
    /// <summary>Null when no row has the dimension. Values and bounds are the bits of float32.</summary>
    IPostings? Find(uint dimension);
}
