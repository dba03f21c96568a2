namespace SearchEngine.Training.Learning;

/// <summary>Which weights and which head a text goes through; the numbers index the parameters.</summary>
internal enum Side
{
    Query = 0,
    Document = 1,
}
