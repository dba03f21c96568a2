namespace SearchEngine.Cli.Checking;

/// <summary>One thing that was looked at.</summary>
/// <param name="Subject">What.</param>
/// <param name="State">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Fix">What to do, where something is to be done.</param>
internal sealed record Finding(string Subject, FindingState State, string Found, string? Fix = null);
