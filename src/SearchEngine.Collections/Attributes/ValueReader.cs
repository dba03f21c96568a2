using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Attributes;

/// <summary>Reads a row's value of the attribute at a position of the schema from where documents are stored; null where it has none.</summary>
internal delegate AttributeValue ValueReader(uint ordinal, int position);
