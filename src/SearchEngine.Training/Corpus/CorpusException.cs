namespace SearchEngine.Training.Corpus;

/// <summary>A file of texts, pairs or judgements that cannot be used; the message says where and what to do.</summary>
public sealed class CorpusException(string message, Exception? inner = null) : IOException(message, inner);
