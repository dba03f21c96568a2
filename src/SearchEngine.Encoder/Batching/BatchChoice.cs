namespace SearchEngine.Encoder.Batching;

/// <summary>What leaves the waiting list, by place in it.</summary>
internal sealed class BatchChoice
{
    /// <summary>Run together now; empty where nothing is left to run.</summary>
    public List<int> Batch { get; } = [];

    /// <summary>Not run: their callers have gone.</summary>
    public List<int> Abandoned { get; } = [];

    /// <summary>Not run: they would come too late even if they were next.</summary>
    public List<int> Late { get; } = [];

    /// <summary>Padded length of the batch.</summary>
    public int Length { get; set; }

    /// <summary>Predicted time of the batch.</summary>
    public double Millis { get; set; }

    /// <summary>The lane the batch was chosen for.</summary>
    public LaneKind Lane { get; set; }
}
