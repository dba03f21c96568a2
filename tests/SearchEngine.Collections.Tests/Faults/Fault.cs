namespace SearchEngine.Collections.Tests.Faults;

/// <summary>What one file operation is made to do.</summary>
internal enum Fault
{
    /// <summary>The power fails within it; nothing works from then on.</summary>
    Crash,

    /// <summary>The disk is full; nothing of it is done.</summary>
    NoSpace,

    /// <summary>The disk becomes full within it; the first half of a write is done.</summary>
    ShortWrite,

    /// <summary>The device fails; of a write nothing is done, of a sync any part, and the rest is lost for ever.</summary>
    DeviceError,
}
