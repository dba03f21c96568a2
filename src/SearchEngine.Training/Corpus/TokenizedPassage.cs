namespace SearchEngine.Training.Corpus;

/// <summary>The pieces of a passage, title and text apart, and where sentences of the text begin.</summary>
/// <param name="Title">Pieces of the title.</param>
/// <param name="Text">Pieces of the text.</param>
/// <param name="Sentences">Starts of the text's sentences, ascending, the first 0 and the end behind the last.</param>
internal sealed record TokenizedPassage(int[] Title, int[] Text, int[] Sentences)
{
    /// <summary>Title and text as one input, cut to what a model reads.</summary>
    public int[] Whole(int most) => [.. Title.Concat(Text).Take(most)];
}
