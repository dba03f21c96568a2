namespace SearchEngine.Collections;

/// <summary>Data that was found damaged and set aside: answers do not cover it.</summary>
/// <param name="What">The segment, log file or other part.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Documents">Documents it held, as far as that is known; 0 when it is not.</param>
public sealed record Quarantined(string What, string Reason, long Documents);
