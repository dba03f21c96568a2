namespace SearchEngine.Collections.Log;

/// <summary>The head of a log file.</summary>
/// <param name="Salt">Seeds every checksum of the file, so that bytes of another file or within a payload never pass for records.</param>
/// <param name="First">Sequence of the first record, also the file's name.</param>
/// <param name="PreviousFirst">First sequence of the file before, 0 when there is none.</param>
/// <param name="PreviousEnd">Where the file before ends: all before that byte was durable, all behind it does not count.</param>
internal readonly record struct LogFileHeader(ulong Salt, ulong First, ulong PreviousFirst, long PreviousEnd);
