namespace SearchEngine.Collections.Tests.Faults;

/// <summary>Names of a directory as they are seen, as far as they are durable, and the changes between.</summary>
internal sealed class DirectoryInode : Inode
{
    private readonly List<(string Name, Inode? Inode)[]> _pending = [];

    public SortedDictionary<string, Inode> Visible { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, Inode> Durable { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that change together or not at all; null removes one.</summary>
    public void Change(params (string Name, Inode? Inode)[] names)
    {
        Apply(Visible, names);
        _pending.Add(names);
    }

    /// <summary>A name that was there before the layer.</summary>
    public void Adopt(string name, Inode inode)
    {
        Visible[name] = inode;
        Durable[name] = inode;
    }

    public void Sync() => Settle(static () => true);

    /// <summary>Makes the changes durable that are drawn, in their order, and forgets the others.</summary>
    public void Settle(Func<bool> draw)
    {
        foreach ((string, Inode?)[] names in _pending)
        {
            if (draw())
            {
                Apply(Durable, names);
            }
        }

        _pending.Clear();
    }

    private static void Apply(SortedDictionary<string, Inode> target, (string Name, Inode? Inode)[] names)
    {
        foreach ((string name, Inode? inode) in names)
        {
            if (inode is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = inode;
            }
        }
    }
}
