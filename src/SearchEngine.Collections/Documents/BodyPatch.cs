namespace SearchEngine.Collections.Documents;

/// <summary>Merges the entries of a body with those of a patch: the patch wins, and its removals remove.</summary>
internal static class BodyPatch
{
    public static void Merge<TEntry>(BodyEntries<TEntry> old, BodyEntries<TEntry> patch, ref BodyWriter writer)
        where TEntry : struct, IBodyEntry<TEntry>, allows ref struct
    {
        bool hasOld = old.MoveNext(), hasNew = patch.MoveNext();
        while (hasOld || hasNew)
        {
            if (hasNew && (!hasOld || patch.Current.Position <= old.Current.Position))
            {
                hasOld = hasOld && patch.Current.Position == old.Current.Position ? old.MoveNext() : hasOld;
                if (!patch.Current.IsRemoval)
                {
                    patch.Current.CopyTo(ref writer);
                }

                hasNew = patch.MoveNext();
            }
            else
            {
                old.Current.CopyTo(ref writer);
                hasOld = old.MoveNext();
            }
        }
    }
}
