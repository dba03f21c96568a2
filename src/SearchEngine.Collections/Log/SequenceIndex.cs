namespace SearchEngine.Collections.Log;

/// <summary>Coarse places of sequences in one log file. One writer; the owner's lock guards readers.</summary>
internal sealed class SequenceIndex
{
    private const long StepBytes = 64 << 10;

    private readonly List<(ulong Sequence, long Offset)> _places = [];

    /// <summary>Records are noted in order; most are passed over.</summary>
    public void Note(ulong sequence, long offset)
    {
        if (_places.Count == 0 || offset >= _places[^1].Offset + StepBytes)
        {
            _places.Add((sequence, offset));
        }
    }

    /// <summary>An offset at or before the record of a sequence; <paramref name="start"/> when none is known.</summary>
    public long Before(ulong sequence, long start)
    {
        int low = 0, high = _places.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _places[middle].Sequence <= sequence ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? start : _places[low - 1].Offset;
    }
}
