namespace SearchEngine.Collections.Documents;

/// <summary>Which fields of one kind are wanted.</summary>
/// <param name="marks">By position in the schema; null for all.</param>
internal readonly struct FieldMarks(bool[]? marks)
{
    public bool Has(int position) => marks is null || (position < marks.Length && marks[position]);
}
