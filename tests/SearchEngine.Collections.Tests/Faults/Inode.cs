namespace SearchEngine.Collections.Tests.Faults;

/// <summary>A file or a directory apart from its names.</summary>
internal abstract class Inode;
