namespace SearchEngine.Server.Calls;

/// <summary>How much time a call has left, by its deadline and its budget.</summary>
internal static class CallTime
{
    /// <summary>Time kept back for sending a partial answer before the deadline ends the call.</summary>
    public static readonly TimeSpan SendReserve = TimeSpan.FromMilliseconds(2);

    /// <param name="budget">Of the call as a whole, from its arrival; null for none.</param>
    /// <param name="mayBePartial">Whether an answer cut short has to leave in time.</param>
    /// <returns>Null for ever.</returns>
    public static TimeSpan? Left(CallContext context, Wire.Budget? budget, bool mayBePartial) =>
        Left(context, budget is { TimeMicros: > 0 } ? TimeSpan.FromMicroseconds(budget.TimeMicros) : null, mayBePartial);

    /// <inheritdoc cref="Left(CallContext, Wire.Budget?, bool)"/>
    public static TimeSpan? Left(CallContext context, TimeSpan? budget, bool mayBePartial)
    {
        TimeSpan? deadline = context.Remaining - (mayBePartial ? SendReserve : TimeSpan.Zero);
        TimeSpan? rest = budget - context.Elapsed;
        return rest < deadline || deadline is null ? rest : deadline;
    }
}
