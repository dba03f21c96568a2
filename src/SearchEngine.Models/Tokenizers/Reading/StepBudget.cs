namespace SearchEngine.Models.Tokenizers.Reading;

/// <summary>Counts the steps of a file's sequences: each costs a pass over every text.</summary>
internal sealed class StepBudget(int limit)
{
    private int _taken;

    public void Take(JsonCursor step)
    {
        if (++_taken > limit)
        {
            throw new TokenizerException(step.Path, $"The file has more than {limit} steps.");
        }
    }
}
