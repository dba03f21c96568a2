using SearchEngine.Collections.Storage;

namespace SearchEngine.Collections.Tests.Faults;

/// <summary>
/// Real files under a root, with a memory of what a power failure would leave of them. Operations that change something are
/// counted, and any of them can be made to fail. Nothing is really synced, so it is fast. One thread at a time.
/// </summary>
/// <remarks>
/// What is not synced may be lost or kept in any combination: each sector of each write, each truncation, and each change of a
/// directory (a creation, a rename within it, a removal). Files that others made in the tree count as durable.
/// </remarks>
internal sealed class FaultyFileLayer : IFileLayer
{
    private readonly string _root;
    private readonly Random _random;
    private readonly Dictionary<int, Fault> _faults = [];
    private DirectoryInode _tree = new();
    private int _life;

    /// <summary>The write that the end came in the middle of.</summary>
    private (string Path, FileInode Inode, long Offset, byte[] Data)? _interrupted;

    public FaultyFileLayer(string root, int seed)
    {
        _root = Path.TrimEndingDirectorySeparator(root);
        _random = new Random(seed);
        Adopt(_root, _tree);
    }

    /// <summary>Operations so far that change something.</summary>
    public int Operations { get; private set; }

    public bool HasCrashed { get; private set; }

    /// <summary>What <see cref="FreeBytes"/> says.</summary>
    public long Free { get; set; } = long.MaxValue;

    /// <summary>Names of the operations so far, for messages of tests.</summary>
    public List<string> History { get; } = [];

    /// <param name="operation">Its number; the first is 1.</param>
    public void FailAt(int operation, Fault fault) => _faults[operation] = fault;

    /// <summary>
    /// Ends the power: handles are dead, and the files under the root become what a legal choice of unsynced changes leaves. Then
    /// the layer works again.
    /// </summary>
    public void Crash()
    {
        Adopt(_root, _tree);
        _life++;
        if (_interrupted is { } write)
        {
            write.Inode.Write(write.Offset, write.Data);
            _interrupted = null;
        }

        Func<bool> draw = Choice();
        SettleTree(_tree, draw);
        foreach (string path in System.IO.Directory.GetFileSystemEntries(_root))
        {
            if (System.IO.Directory.Exists(path))
            {
                System.IO.Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }

        var tree = new DirectoryInode();
        WriteTree(_root, _tree, tree, draw);
        _tree = tree;
        HasCrashed = false;
        _faults.Clear();
    }

    /// <summary>
    /// Ends the process alone: handles are dead, everything written is seen, and a beginning of the write that was interrupted.
    /// What was not synced is still not.
    /// </summary>
    public void EndProcess()
    {
        _life++;
        if (_interrupted is { } write)
        {
            byte[] begun = write.Data[.._random.Next(write.Data.Length + 1)];
            write.Inode.Write(write.Offset, begun);
            using IWritableFile file = DiskFileLayer.Instance.OpenAppend(write.Path);
            file.WriteAt(write.Offset, begun);
            _interrupted = null;
        }

        HasCrashed = false;
        _faults.Clear();
    }

    public IWritableFile Create(string path)
    {
        Step($"create {Short(path)}", path);
        DirectoryInode directory = Parent(path, out string name);
        // As the system does: an existing file is cut, it does not become another one.
        if (directory.Visible.GetValueOrDefault(name) is not FileInode inode)
        {
            inode = new FileInode([]);
            directory.Change((name, inode));
        }

        inode.Truncate(0);
        File.WriteAllBytes(path, []);
        return new FaultyWritableFile(this, DiskFileLayer.Instance.OpenAppend(path), inode, _life);
    }

    public IWritableFile OpenAppend(string path)
    {
        CheckPower();
        return Find(path) is FileInode inode
            ? new FaultyWritableFile(this, DiskFileLayer.Instance.OpenAppend(path), inode, _life)
            : throw new FileNotFoundException(null, path);
    }

    public IReadableFile OpenRead(string path)
    {
        CheckPower();
        return DiskFileLayer.Instance.OpenRead(path);
    }

    public byte[] ReadAll(string path, int maxBytes)
    {
        CheckPower();
        return DiskFileLayer.Instance.ReadAll(path, maxBytes);
    }

    public void Rename(string from, string to)
    {
        Step($"rename {Short(from)} to {Short(to)}", to);
        Inode inode = Find(from) ?? throw new FileNotFoundException(null, from);
        DirectoryInode source = Parent(from, out string oldName), target = Parent(to, out string newName);
        if (inode is DirectoryInode)
        {
            System.IO.Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }

        if (source == target)
        {
            target.Change((newName, inode), (oldName, null));
        }
        else
        {
            target.Change((newName, inode));
            source.Change((oldName, null));
        }
    }

    public void Delete(string path)
    {
        Step($"delete {Short(path)}", path);
        File.Delete(path);
        Parent(path, out string name).Change((name, null));
    }

    public void DeleteDirectory(string path)
    {
        Step($"delete directory {Short(path)}", path);
        DiskFileLayer.Instance.DeleteDirectory(path);
        Parent(path, out string name).Change((name, null));
    }

    public void CreateDirectory(string path)
    {
        Step($"create directory {Short(path)}", path);
        MakeDirectory(path);
    }

    public void SyncDirectory(string path)
    {
        if (Step($"sync directory {Short(path)}", path) is Fault.DeviceError)
        {
            Directory(path).Settle(Choice());
            throw Failure(path);
        }

        Directory(path).Sync();
    }

    public IReadOnlyList<string> List(string directory)
    {
        CheckPower();
        return DiskFileLayer.Instance.List(directory);
    }

    public bool Exists(string path)
    {
        CheckPower();
        return Path.Exists(path);
    }

    public bool IsDirectory(string path) => System.IO.Directory.Exists(path);

    public long Length(string path) => DiskFileLayer.Instance.Length(path);

    public long FreeBytes(string path) => Free;

    public void Link(string from, string to)
    {
        Step($"link {Short(from)} to {Short(to)}", to);
        Inode inode = Find(from) ?? throw new FileNotFoundException(null, from);
        DiskFileLayer.Instance.Link(from, to);
        Parent(to, out string name).Change((name, inode));
    }

    /// <summary>Counts an operation and lets it fail if that is planned. A short write and a failing sync are left to the caller.</summary>
    internal Fault? Step(string what, string path)
    {
        CheckPower();
        Operations++;
        History.Add(what);
        if (!_faults.TryGetValue(Operations, out Fault fault))
        {
            return null;
        }

        bool isSync = what.StartsWith("sync", StringComparison.Ordinal);
        switch (fault)
        {
            case Fault.Crash:
                HasCrashed = true;
                throw new CrashException();
            case Fault.NoSpace or Fault.ShortWrite when !what.StartsWith("write", StringComparison.Ordinal) || fault == Fault.NoSpace:
                throw isSync ? Failure(path) : StorageErrors.DiskFull(path);
            case Fault.DeviceError when !isSync:
                throw Failure(path);
            default:
                return fault;
        }
    }

    /// <summary>The power may fail, and the process may end, at any point of a write.</summary>
    internal void Interrupt(string path, FileInode inode, long offset, ReadOnlySpan<byte> data) =>
        _interrupted = (path, inode, offset, data.ToArray());

    internal static IOException Failure(string path) => StorageErrors.Failed("Accessing", path, LibC.IoError);

    internal void CheckAlive(int life)
    {
        CheckPower();
        if (life != _life)
        {
            throw new InvalidOperationException("A file of before the crash is used.");
        }
    }

    /// <summary>One way in which a device may have been at work: nothing, everything, a beginning, an end, or any mixture.</summary>
    internal Func<bool> Choice()
    {
        int way = _random.Next(6), count = 0, turn = _random.Next(12);
        return way switch
        {
            0 => static () => false,
            1 => static () => true,
            2 => () => count++ < turn,
            3 => () => count++ >= turn,
            4 => () => count++ != turn,
            _ => () => _random.Next(2) == 0,
        };
    }

    internal string Short(string path) => Path.GetRelativePath(_root, path);

    private void CheckPower()
    {
        if (HasCrashed)
        {
            throw new CrashException();
        }
    }

    private void MakeDirectory(string path)
    {
        if (Find(path) is DirectoryInode)
        {
            return;
        }

        MakeDirectory(Path.GetDirectoryName(path)!);
        System.IO.Directory.CreateDirectory(path);
        Parent(path, out string name).Change((name, new DirectoryInode()));
    }

    private DirectoryInode Directory(string path) => Find(path) as DirectoryInode ?? throw new DirectoryNotFoundException(path);

    private DirectoryInode Parent(string path, out string name)
    {
        name = Path.GetFileName(path);
        return Directory(Path.GetDirectoryName(path)!);
    }

    private Inode? Find(string path)
    {
        Inode? found = Known(path);
        if (found is null && Path.Exists(path))
        {
            Adopt(_root, _tree);
            found = Known(path);
        }

        return found;
    }

    private Inode? Known(string path)
    {
        Inode? inode = _tree;
        string relative = Path.GetRelativePath(_root, path);
        foreach (string name in relative == "." ? [] : relative.Split(Path.DirectorySeparatorChar))
        {
            inode = (inode as DirectoryInode)?.Visible.GetValueOrDefault(name);
        }

        return inode;
    }

    /// <summary>Takes over what others have made in the tree. A lock is empty, and cannot be read while it is held.</summary>
    private static void Adopt(string path, DirectoryInode directory)
    {
        foreach (string child in System.IO.Directory.GetFileSystemEntries(path))
        {
            string name = Path.GetFileName(child);
            bool isDirectory = System.IO.Directory.Exists(child);
            if (!directory.Visible.TryGetValue(name, out Inode? inode))
            {
                inode = isDirectory ? new DirectoryInode() : new FileInode(name == StoreLock.FileName ? [] : File.ReadAllBytes(child));
                directory.Adopt(name, inode);
            }

            if (inode is DirectoryInode inner)
            {
                Adopt(child, inner);
            }
        }
    }

    private static void SettleTree(DirectoryInode directory, Func<bool> draw)
    {
        directory.Settle(draw);
        foreach (DirectoryInode inner in directory.Durable.Values.OfType<DirectoryInode>())
        {
            SettleTree(inner, draw);
        }
    }

    private static void WriteTree(string path, DirectoryInode from, DirectoryInode to, Func<bool> draw)
    {
        foreach ((string name, Inode inode) in from.Durable)
        {
            string child = Path.Combine(path, name);
            if (inode is DirectoryInode inner)
            {
                System.IO.Directory.CreateDirectory(child);
                var copy = new DirectoryInode();
                to.Adopt(name, copy);
                WriteTree(child, inner, copy, draw);
            }
            else
            {
                byte[] content = ((FileInode)inode).Settle(draw);
                File.WriteAllBytes(child, content);
                to.Adopt(name, new FileInode([.. content]));
            }
        }
    }
}
