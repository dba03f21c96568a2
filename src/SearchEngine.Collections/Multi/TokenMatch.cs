namespace SearchEngine.Collections.Multi;

/// <summary>The best row of a document for a row of a query.</summary>
public readonly record struct TokenMatch(int QueryRow, int DocumentRow, float Score);
