using SearchEngine.Collections.Schema;

namespace SearchEngine.Server.Encoders;

/// <summary>What some texts are encoded for, the same for all of them.</summary>
/// <param name="Vector">Whose space and dimension the vectors have to have.</param>
/// <param name="Task">Whose template is applied; empty for the side's own.</param>
/// <param name="Truncation">What happens to texts that are too long.</param>
/// <param name="Lane">The queue the call waits in.</param>
/// <param name="RequestId">Of the caller's call, for the logs of both processes.</param>
internal sealed record EncodingTask(VectorSchema Vector, string Task, Wire.Truncation Truncation, Wire.Lane Lane, string RequestId);
