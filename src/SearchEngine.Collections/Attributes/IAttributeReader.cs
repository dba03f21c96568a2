namespace SearchEngine.Collections.Attributes;

/// <summary>The attributes of one segment.</summary>
internal interface IAttributeReader
{
    /// <summary>Rows that can be asked about; in a live segment it grows.</summary>
    int Rows { get; }

    /// <summary>
    /// The column of an attribute, by its position in the schema; null where the attribute is not indexed. An attribute
    /// that is younger than the segment has a column without values.
    /// </summary>
    AttributeColumn? Column(int position);
}
