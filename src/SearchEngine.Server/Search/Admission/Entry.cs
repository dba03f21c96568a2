using SearchEngine.Rpc;

namespace SearchEngine.Server.Search.Admission;

/// <summary>What became of work at the door: a place, a wait for one, or a refusal. One of the last two is set, or neither.</summary>
/// <param name="Ticket">The place, where there is neither wait nor refusal.</param>
/// <param name="Waiter">To be awaited with <see cref="AdmissionDesk.WaitAsync"/>.</param>
/// <param name="Refusal">Nothing was started. Returned, not thrown: a crowded server says it thousands of times a second.</param>
/// <param name="IsPrediction">Refused because of the predicted work alone: with less of it there would have been time enough.</param>
internal readonly record struct Entry(Ticket Ticket, Waiter? Waiter, RpcException? Refusal, bool IsPrediction = false);
