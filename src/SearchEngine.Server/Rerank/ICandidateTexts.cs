namespace SearchEngine.Server.Rerank;

/// <summary>The texts of the candidates, read as they are needed: all of them at once may be more than there is room for.</summary>
internal interface ICandidateTexts
{
    /// <summary>Bytes of a candidate's text, about; null where it has not been read.</summary>
    int? LengthOf(int index);

    /// <param name="count">A few; all are in memory at once.</param>
    /// <returns>At least one; fewer than asked for where these are long already.</returns>
    IReadOnlyList<CandidateText> Read(int first, int count);
}
