namespace SearchEngine.Server.Search.Admission;

/// <summary>A place among those at work; it is given back with <see cref="AdmissionDesk.Leave"/>.</summary>
internal readonly record struct Ticket(long PredictedMicros, long WaitedMicros);
