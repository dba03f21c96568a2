using SearchEngine.Collections.Documents;

namespace SearchEngine.Collections.Reading;

/// <summary>One of several disjoint parts of a collection. Which part a document is in depends on its id alone.</summary>
internal readonly record struct Slice(int Index, int Count)
{
    public bool Has(DocumentId id) => Count == 1 || (int)(Hash(id) % (ulong)Count) == Index;

    // FNV-1a and a finalizer: HashCode differs from process to process, and slices may be read by several.
    private static ulong Hash(DocumentId id)
    {
        ulong hash = 0xCBF29CE484222325;
        if (id.Text is { } text)
        {
            foreach (char unit in text)
            {
                hash = (hash ^ unit) * 0x100000001B3;
            }
        }
        else
        {
            hash ^= id.Number;
        }
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        return hash ^ (hash >> 33);
    }
}
