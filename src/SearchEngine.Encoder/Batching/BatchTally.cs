namespace SearchEngine.Encoder.Batching;

/// <summary>Sums up the batches that the texts of one call went through. Any thread.</summary>
internal sealed class BatchTally
{
    // Batches end nearly in order: remembering the latest is enough to count each once, however long a stream is.
    private const int Remembered = 64;

    private readonly Lock _gate = new();
    private readonly long[] _latest = new long[Remembered];
    private long _batches;
    private long _tokens;
    private long _paddedTokens;
    private int _largest;
    private double _wait;
    private double _began = double.PositiveInfinity;
    private double _ended;
    private double _millis;
    private double _predicted;
    private long _ownTokens;

    public void Add(WaitingText text, BatchFacts facts)
    {
        lock (_gate)
        {
            _ownTokens += text.Tokens.Count;
            _wait = Math.Max(_wait, facts.Started - text.Arrived);
            // Of what a batch costs, a text bears its row.
            _millis += facts.Millis / facts.Rows;
            _predicted += facts.PredictedMillis / facts.Rows;
            ref var latest = ref _latest[facts.Number % Remembered];
            if (latest == facts.Number)
                return;
            latest = facts.Number;
            _batches++;
            _tokens += facts.Tokens;
            _paddedTokens += facts.PaddedTokens;
            _largest = Math.Max(_largest, facts.Rows);
            _began = Math.Min(_began, facts.Started);
            _ended = Math.Max(_ended, facts.Started + facts.Millis);
        }
    }

    public Wire.BatchReport Report()
    {
        lock (_gate)
        {
            return new Wire.BatchReport
            {
                Batches = (uint)_batches,
                Largest = (uint)_largest,
                PaddingShare = _paddedTokens == 0 ? 0 : 1 - (float)((double)_tokens / _paddedTokens),
            };
        }
    }

    /// <summary>Fills in the longest wait, the time from the first batch's start to the last one's end, and what the texts cost.</summary>
    public void Fill(Wire.Timings timings, Wire.Cost cost)
    {
        lock (_gate)
        {
            timings.EncodeWaitMicros = Micros(_wait);
            timings.EncodeMicros = Micros(_ended - Math.Min(_began, _ended));
            cost.Tokens = (ulong)_ownTokens;
            cost.CpuMicros = Micros(_millis);
            cost.PredictedCpuMicros = Micros(_predicted);
        }
    }

    private static uint Micros(double millis) => (uint)Math.Clamp(millis * 1_000, 0, uint.MaxValue);
}
