namespace SearchEngine.Server.Search.Admission;

/// <summary>Work that asks for a place.</summary>
/// <param name="Caller">Whose share it counts against; callers without a name are one.</param>
/// <param name="PredictedMicros">Processor time it is expected to take.</param>
/// <param name="RemainingMicros">Time until it is worth nothing any more; null for ever.</param>
/// <param name="MayBePartial">Whether an answer cut short is worth something: then only the wait has to fit.</param>
internal readonly record struct WorkOrder(
    LaneKind Lane, string Caller, long PredictedMicros, long? RemainingMicros = null, bool MayBePartial = false);
