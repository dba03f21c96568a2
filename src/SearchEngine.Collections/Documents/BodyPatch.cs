namespace SearchEngine.Collections.Documents;

/// <summary>Merges the entries of a body with those of a patch: the patch wins, and its removals remove.</summary>
internal static class BodyPatch
{
    public static void MergeAttributes(BodyAttributes old, BodyAttributes patch, ref BodyWriter writer)
    {
        bool hasOld = old.MoveNext(), hasNew = patch.MoveNext();
        while (hasOld || hasNew)
        {
            if (hasNew && (!hasOld || patch.Current.Position <= old.Current.Position))
            {
                hasOld = hasOld && patch.Current.Position == old.Current.Position ? old.MoveNext() : hasOld;
                if (!patch.Current.IsRemoval)
                {
                    writer.Copy(patch.Current);
                }

                hasNew = patch.MoveNext();
            }
            else
            {
                writer.Copy(old.Current);
                hasOld = old.MoveNext();
            }
        }
    }

    public static void MergeTexts(BodyTexts old, BodyTexts patch, ref BodyWriter writer)
    {
        bool hasOld = old.MoveNext(), hasNew = patch.MoveNext();
        while (hasOld || hasNew)
        {
            if (hasNew && (!hasOld || patch.Current.Position <= old.Current.Position))
            {
                hasOld = hasOld && patch.Current.Position == old.Current.Position ? old.MoveNext() : hasOld;
                if (!patch.Current.IsRemoval)
                {
                    writer.Copy(patch.Current);
                }

                hasNew = patch.MoveNext();
            }
            else
            {
                writer.Copy(old.Current);
                hasOld = old.MoveNext();
            }
        }
    }
}
