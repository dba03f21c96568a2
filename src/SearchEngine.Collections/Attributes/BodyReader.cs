namespace SearchEngine.Collections.Attributes;

/// <summary>The stored body of a row (see DocumentBody), valid as long as the segment it lies in is.</summary>
internal delegate ReadOnlySpan<byte> BodyReader(uint ordinal);
