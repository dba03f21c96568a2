namespace SearchEngine.Server.Retrieval;

/// <summary>
/// One deadline, split between the stages: by what the caller asked for, otherwise by what each is predicted to take. A stage that ends early
/// leaves its rest to the next; nobody gets more than there is.
/// </summary>
/// <param name="left">Time that is left of the call at the moment.</param>
/// <param name="clock">Measures the stages.</param>
internal sealed class StageClock(Wire.BudgetSplit? asked, Func<TimeSpan> left, TimeProvider clock)
{
    /// <summary>A search may take so many times its prediction before it is cut: predictions are of an idle machine.</summary>
    private const double SearchSlack = 4;

    /// <summary>Of the time that is left a search may take so much whatever was predicted: where there is plenty, a busy machine cuts none short.</summary>
    private const double LeastSearchShare = 0.1;

    private static readonly TimeSpan LeastSearch = TimeSpan.FromMilliseconds(2);

    private readonly Wire.BudgetSplit _asked = asked ?? new Wire.BudgetSplit();
    private TimeSpan _carried;

    /// <summary>What the stages took.</summary>
    public Wire.BudgetSplit Taken { get; } = new();

    /// <summary>Time for encoding: all but what a search needs, since without a vector there is nothing to answer.</summary>
    public TimeSpan ForEncode(long predictedSearch) => _asked.EncodeMicros > 0
        ? Least(Micros(_asked.EncodeMicros))
        : Positive(left() - SearchShare(predictedSearch));

    /// <summary>Time for the search.</summary>
    /// <param name="isLast">Nothing follows: it may have all there is.</param>
    public TimeSpan ForSearch(long predicted, bool isLast) => isLast && _asked.SearchMicros == 0
        ? left()
        : Least(_asked.SearchMicros > 0 ? Micros(_asked.SearchMicros) + _carried : Greater(SearchShare(predicted), left() * LeastSearchShare));

    /// <summary>Time for reranking: what is left, or what was asked for and the others left over.</summary>
    public TimeSpan ForRerank() => _asked.RerankMicros > 0 ? Least(Micros(_asked.RerankMicros) + _carried) : left();

    /// <summary>Time for reranking, seen from before the stages that come first.</summary>
    public TimeSpan ForRerankAfter(long predictedMicros) =>
        _asked.RerankMicros > 0 ? Least(Micros(_asked.RerankMicros)) : Positive(left() - TimeSpan.FromMicroseconds(predictedMicros));

    public async ValueTask<T> EncodeAsync<T>(Func<ValueTask<T>> stage)
    {
        long began = clock.GetTimestamp();
        T result = await stage().ConfigureAwait(false);
        Taken.EncodeMicros = End(began, _asked.EncodeMicros);
        return result;
    }

    public async ValueTask<T> SearchAsync<T>(Func<ValueTask<T>> stage)
    {
        long began = clock.GetTimestamp();
        T result = await stage().ConfigureAwait(false);
        Taken.SearchMicros = End(began, _asked.SearchMicros);
        return result;
    }

    public async Task<T> RerankAsync<T>(Func<Task<T>> stage)
    {
        long began = clock.GetTimestamp();
        T result = await stage().ConfigureAwait(false);
        Taken.RerankMicros = End(began, _asked.RerankMicros);
        return result;
    }

    private TimeSpan SearchShare(long predicted)
    {
        TimeSpan half = left() / 2;
        var wanted = TimeSpan.FromMicroseconds(predicted * SearchSlack);
        wanted = wanted > LeastSearch ? wanted : LeastSearch;
        return wanted < half ? wanted : half;
    }

    private uint End(long began, uint asked)
    {
        TimeSpan took = clock.GetElapsedTime(began);
        if (asked > 0)
        {
            _carried = Positive(_carried + Micros(asked) - took);
        }
        return (uint)Math.Clamp((long)took.TotalMicroseconds, 0, uint.MaxValue);
    }

    private TimeSpan Least(TimeSpan wanted) => left() is var rest && rest < wanted ? rest : wanted;

    private static TimeSpan Greater(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Micros(uint micros) => TimeSpan.FromMicroseconds(micros);

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
