namespace SearchEngine.Training.Learning;

/// <summary>Which round comes next and which was the best: what a checkpoint holds beside the arrays.</summary>
internal sealed class RoundState
{
    private double _bestRecall;

    public int Round { get; private set; }

    public int BestRound { get; private set; }

    public void Start(double recall) => _bestRecall = recall;

    /// <summary>Ends a round. Returns whether it was at least as good as the best so far: later is taken where nothing differs.</summary>
    public bool Finish(double recall)
    {
        Round++;
        if (recall < _bestRecall)
            return false;
        (_bestRecall, BestRound) = (recall, Round);
        return true;
    }

    public void Save(Checkpoint checkpoint, IEnumerable<float[]> arrays) =>
        checkpoint.Write([Round, BestRound, _bestRecall], arrays);

    public void Restore(Checkpoint checkpoint, IEnumerable<float[]> arrays)
    {
        Span<double> numbers = stackalloc double[3];
        checkpoint.Read(numbers, arrays);
        (Round, BestRound, _bestRecall) = ((int)numbers[0], (int)numbers[1], numbers[2]);
    }
}
