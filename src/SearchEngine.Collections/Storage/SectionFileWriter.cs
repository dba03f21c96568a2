using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SearchEngine.Vectors.Files;

namespace SearchEngine.Collections.Storage;

/// <summary>
/// Writes a file of named sections, front to back, checksummed by blocks. Only <see cref="Finish"/> makes it a valid file; the
/// caller publishes it by renaming the file or its directory.
/// </summary>
internal sealed class SectionFileWriter : IDisposable
{
    private readonly IWritableFile _file;
    private readonly string _kind;
    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(SectionFormat.BlockBytes);
    private readonly List<ulong> _checksums = [];
    private readonly List<(string Name, long Offset, long Length)> _sections = [];
    private int _inBlock;
    private long _position;
    private SectionStream? _open;
    private bool _finished;

    public SectionFileWriter(IFileLayer files, string path, string kind)
    {
        _file = files.Create(path);
        _kind = kind;
        Span<byte> head = stackalloc byte[SectionFormat.HeadBytes];
        SectionFormat.WriteHead(head, kind);
        Put(head);
    }

    public void Add<T>(string name, ReadOnlySpan<T> data)
        where T : unmanaged
    {
        using SectionStream section = Begin(name);
        section.Write(data);
    }

    /// <summary>A section written in pieces; disposing it ends it. One at a time.</summary>
    public SectionStream Begin(string name)
    {
        if (_open is not null || _finished)
        {
            throw new InvalidOperationException(
                $"Section '{name}' of {_file.Path} begins before the previous one ended or after the last.");
        }

        if (_sections.Count == SectionFormat.MaxSections || _sections.Exists(section => section.Name == name))
        {
            throw new ArgumentException(
                $"Section '{name}' of {_file.Path} exists, or it is one more than {SectionFormat.MaxSections}.", nameof(name));
        }

        Pad();
        _sections.Add((name, _position, 0));
        _open = new SectionStream(this);
        return _open;
    }

    /// <summary>Ends the file and makes its content durable; its name is durable when its directory is synced.</summary>
    public void Finish()
    {
        if (_open is not null || _finished)
        {
            throw new InvalidOperationException($"{_file.Path} was finished before, or within a section.");
        }

        Pad();
        FlushBlock();
        _finished = true;
        long tableOffset = _position;
        var table = new byte[(_sections.Count * SectionFormat.EntryBytes) + (_checksums.Count * sizeof(ulong)) + SectionFormat.FooterBytes];
        Span<byte> rest = table;
        foreach ((string name, long offset, long length) in _sections)
        {
            SectionFormat.WriteName(rest[..SectionFormat.MaxNameBytes], name);
            BinaryPrimitives.WriteInt64LittleEndian(rest[SectionFormat.MaxNameBytes..], offset);
            BinaryPrimitives.WriteInt64LittleEndian(rest[(SectionFormat.MaxNameBytes + sizeof(long))..], length);
            rest = rest[SectionFormat.EntryBytes..];
        }

        foreach (ulong checksum in _checksums)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, checksum);
            rest = rest[sizeof(ulong)..];
        }

        Span<byte> head = stackalloc byte[SectionFormat.HeadBytes];
        SectionFormat.WriteHead(head, _kind);
        var footer = new SectionFooter(
            tableOffset + table.Length,
            tableOffset,
            _sections.Count,
            _checksums.Count,
            BlockChecksum.Of(table.AsSpan(0, table.Length - SectionFormat.FooterBytes)),
            SectionFormat.CheckHead(head, _file.Path, _kind));
        SectionFormat.WriteFooter(rest, footer);
        _file.Write(table);
        _file.Sync();
    }

    public void Dispose()
    {
        _open?.Dispose();
        _file.Dispose();
    }

    private void Put(ReadOnlySpan<byte> data)
    {
        _position += data.Length;
        while (!data.IsEmpty)
        {
            // Whole blocks go from the caller's memory to the file without a copy.
            if (_inBlock == 0 && data.Length >= SectionFormat.BlockBytes)
            {
                WriteBlock(data[..SectionFormat.BlockBytes]);
                data = data[SectionFormat.BlockBytes..];
                continue;
            }

            int take = Math.Min(data.Length, SectionFormat.BlockBytes - _inBlock);
            data[..take].CopyTo(_block.AsSpan(_inBlock));
            _inBlock += take;
            data = data[take..];
            if (_inBlock == SectionFormat.BlockBytes)
            {
                FlushBlock();
            }
        }
    }

    private void FlushBlock()
    {
        if (_inBlock > 0)
        {
            WriteBlock(_block.AsSpan(0, _inBlock));
            _inBlock = 0;
        }
    }

    private void WriteBlock(ReadOnlySpan<byte> block)
    {
        _checksums.Add(BlockChecksum.Of(block));
        _file.Write(block);
    }

    private void Pad()
    {
        Span<byte> zeros = stackalloc byte[SectionFormat.Alignment];
        zeros.Clear();
        Put(zeros[..(int)(SectionFormat.Aligned(_position) - _position)]);
    }

    private void End()
    {
        (string name, long offset, _) = _sections[^1];
        _sections[^1] = (name, offset, _position - offset);
        _open = null;
    }

    /// <summary>One section being written.</summary>
    internal sealed class SectionStream : IDisposable
    {
        private readonly SectionFileWriter _writer;

        internal SectionStream(SectionFileWriter writer) => _writer = writer;

        /// <summary>Bytes written so far.</summary>
        public long Length => _writer._position - _writer._sections[^1].Offset;

        public void Write<T>(ReadOnlySpan<T> data)
            where T : unmanaged
        {
            if (_writer._open != this)
            {
                throw new InvalidOperationException($"The section of {_writer._file.Path} has ended.");
            }

            // A cast to bytes must fit a span; elements are small, so pieces of a few MiB do.
            const int PieceElements = 1 << 20;
            for (; data.Length > PieceElements; data = data[PieceElements..])
            {
                _writer.Put(MemoryMarshal.AsBytes(data[..PieceElements]));
            }

            _writer.Put(MemoryMarshal.AsBytes(data));
        }

        public void Dispose()
        {
            if (_writer._open == this)
            {
                _writer.End();
            }
        }
    }
}
