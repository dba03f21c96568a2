using System.Security.Cryptography;
using Google.Protobuf;
using SearchEngine.Collections.Documents;
using SearchEngine.Collections.Reading;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;

namespace SearchEngine.Server.Points;

/// <summary>Points.Scroll: frames of points of one snapshot, each with the cursor behind it, none larger than the caller takes.</summary>
internal sealed class ScrollStream(CallContext context, Wire.ScrollRequest request, CursorShelf shelf, ReplyStream<Wire.ScrollFrame> replies)
{
    private const int DefaultBatch = 256;
    private const int MaxBatch = 1_000;
    private const int MaxCursorBytes = 1_024;
    private const int MaxSlices = 256;

    // However many points a frame may have: each can be megabytes of text.
    private const int ReadAtOnce = 16;

    // Header and cursor of a frame, and the tag and length before each point.
    private const int FrameBytes = 2_048;
    private const int PointBytes = 8;

    private readonly PointParts _parts = PointParts.Read(request.Fields, context.Schema, PointParts.Content, "fields");
    private readonly CollectionSchema _schema = context.Schema;
    private bool _isFirst = true;

    public async Task RunAsync()
    {
        int batch = BatchSize();
        (OpenScroll open, long position) = Open();
        try
        {
            await open.OneReader.WaitAsync(context.Cancellation).ConfigureAwait(false);
            try
            {
                await SendAsync(open, position, batch).ConfigureAwait(false);
            }
            finally
            {
                open.OneReader.Release();
            }
        }
        finally
        {
            shelf.Release(open);
        }
    }

    private async Task SendAsync(OpenScroll open, long position, int batch)
    {
        open.Scroll.MoveTo(position, _parts.Parts);
        long left = request.Limit == 0 ? long.MaxValue : (long)Math.Min(long.MaxValue, request.Limit);
        ulong sequence = open.Scroll.Sequence;
        Wire.ScrollFrame frame = NewFrame(sequence);
        int bytes = FrameBytes;
        while (left > 0 && !open.Scroll.IsAtEnd)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            long at = open.Scroll.Position;
            IReadOnlyList<Document> documents = open.Scroll.Read((int)Math.Min(ReadAtOnce, left));
            left -= documents.Count;
            foreach (Document document in documents)
            {
                Wire.Point point = DocumentMap.Write(document, _schema, _parts);
                int size = point.CalculateSize() + PointBytes;
                if (FrameBytes + size > context.ReplyLimit)
                {
                    throw PointReads.TooLarge(Refusal.Number(size), context.ReplyLimit, $"Point {Refusal.Shown(document.Id.ToString())}");
                }
                if (frame.Points.Count == batch || bytes + size > context.ReplyLimit)
                {
                    await SendAsync(frame, open, at).ConfigureAwait(false);
                    (frame, bytes) = (NewFrame(sequence), FrameBytes);
                }
                frame.Points.Add(point);
                bytes += size;
                at++;
            }
        }
        if (frame.Points.Count > 0)
        {
            await SendAsync(frame, open, open.Scroll.Position).ConfigureAwait(false);
        }
        if (open.Scroll.IsAtEnd)
        {
            shelf.End(open);
        }
        await replies.WriteAsync(new Wire.ScrollFrame { Header = context.ReplyHeader(sequence) }).ConfigureAwait(false);
    }

    private ValueTask SendAsync(Wire.ScrollFrame frame, OpenScroll open, long position)
    {
        frame.Cursor = CursorShelf.Cursor(open, position);
        return replies.WriteAsync(frame);
    }

    private Wire.ScrollFrame NewFrame(ulong sequence)
    {
        var frame = new Wire.ScrollFrame { Header = _isFirst ? context.ReplyHeader(sequence) : null };
        _isFirst = false;
        return frame;
    }

    private (OpenScroll Scroll, long Position) Open()
    {
        if (request.Cursor.Length > MaxCursorBytes)
        {
            throw Refusal.Limit("cursor", request.Cursor.Length, MaxCursorBytes, "bytes", "Send the cursor of a frame as it came.");
        }
        // Checked in any case: a cursor does not make a wrong request right.
        ScrollRequest scroll = ToEngine();
        string meaning = Meaning();
        if (!request.Cursor.IsEmpty)
        {
            (OpenScroll known, long position) = shelf.Take(request.Cursor);
            if (known.Meaning == meaning)
            {
                return (known, position);
            }
            shelf.Release(known);
            throw Refusal.Invalid(
                "cursor", "The cursor is of a scroll with another collection, filter, order or slice.", "Repeat the request of the first call, with the cursor.");
        }
        var open = new OpenScroll(context.Collection.Scroll(scroll), context.Caller.Name, meaning);
        shelf.Add(open);
        return (open, 0);
    }

    private ScrollRequest ToEngine()
    {
        if (request.Order is { Attribute.Length: 0 })
        {
            throw Refusal.Required("order.attribute", "Name the attribute to order by.");
        }
        if (request.Order is { } order && _schema.AttributeAt(order.Attribute) < 0)
        {
            throw Names.UnknownAttribute(order.Attribute, _schema, "order.attribute");
        }
        if (request.Slice is { } slice)
        {
            if (slice.Count == 0)
            {
                throw Refusal.Required("slice.count", "State how many slices there are.");
            }
            if (slice.Count > MaxSlices)
            {
                throw Refusal.Limit("slice.count", slice.Count, MaxSlices, "slices", "Use fewer.");
            }
            if (slice.Index >= slice.Count)
            {
                throw Refusal.Invalid("slice.index", $"There is no slice {slice.Index} of {slice.Count}.", "Number them from 0.", Refusal.Number(slice.Index));
            }
        }
        return new ScrollRequest
        {
            Filter = context.Restrict(FilterMap.Read(request.Filter, "filter")),
            Parts = _parts.Parts,
            OrderBy = request.Order?.Attribute,
            IsDescending = request.Order?.Direction == Wire.Direction.Descending,
            Slice = (int)(request.Slice?.Index ?? 0),
            SliceCount = (int)(request.Slice?.Count ?? 1),
        };
    }

    private int BatchSize()
    {
        if (request.BatchSize > MaxBatch)
        {
            throw Refusal.Limit("batch_size", request.BatchSize, MaxBatch, "points", "Read frame after frame.");
        }
        return request.BatchSize == 0 ? DefaultBatch : (int)request.BatchSize;
    }

    private string Meaning()
    {
        var meaning = new Wire.ScrollRequest { Filter = request.Filter, Order = request.Order, Slice = request.Slice };
        string caller = $"{context.Caller.Name}/{context.Caller.Sight}/{context.Collection.Name}/";
        return caller + Convert.ToHexStringLower(SHA256.HashData(meaning.ToByteArray()));
    }
}
