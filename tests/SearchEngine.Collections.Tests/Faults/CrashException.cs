namespace SearchEngine.Collections.Tests.Faults;

/// <summary>The simulated end of the power. No code under test catches it.</summary>
internal sealed class CrashException() : Exception("The power failed here.");
