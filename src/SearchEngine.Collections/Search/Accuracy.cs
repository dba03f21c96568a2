namespace SearchEngine.Collections.Search;

/// <summary>How carefully to search: exactly, with a breadth, or aiming at a recall. The default aims at 0.95.</summary>
public readonly record struct Accuracy
{
    public const float DefaultTarget = 0.95f;

    private readonly float _target;

    private Accuracy(bool exact, int breadth, float target)
    {
        IsExact = exact;
        Breadth = breadth;
        _target = target;
    }

    /// <summary>Every match is scored from its stored vector.</summary>
    public static Accuracy Exact => new(true, 0, 0);

    public bool IsExact { get; }

    /// <summary>ef; 0 when the accuracy is not given as a breadth.</summary>
    public int Breadth { get; }

    /// <summary>The recall aimed at; null when the accuracy is given otherwise.</summary>
    public float? TargetRecall => IsExact || Breadth > 0 ? null : _target > 0 ? _target : DefaultTarget;

    /// <param name="breadth">Candidates kept while walking.</param>
    public static Accuracy OfBreadth(int breadth) => new(false, breadth, 0);

    /// <param name="recall">Above 0, below 1.</param>
    public static Accuracy OfRecall(float recall) => new(false, 0, recall);
}
