namespace SearchEngine.Benchmarks.Serve.Load;

/// <summary>Told what came back.</summary>
internal interface IAnswers
{
    /// <summary>Part of an answer's body, a whole message as a rule.</summary>
    void Message(ReadOnlySpan<byte> body);

    /// <param name="due">When the request should have been sent.</param>
    /// <param name="status">The call's gRPC status; null where it ended without one.</param>
    void Ended(long due, int? status);
}
