using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Collections;

namespace SearchEngine.Server.Points;

/// <summary>Uploads that can be continued under a key. One stream at a time works on one; they are forgotten after their lifetime.</summary>
internal sealed class ResumeShelf
{
    private const int MaxKeyBytes = 128;
    private const string Extension = ".upload";

    // A client that comes back at once finds its broken stream still being wound up.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _inUse = new(StringComparer.Ordinal);
    private readonly string _root;
    private readonly SettingsShelf _settings;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;

    public ResumeShelf(string root, SettingsShelf settings, TimeProvider time, TimeSpan lifetime)
    {
        _root = root;
        _settings = settings;
        _time = time;
        _lifetime = lifetime;
        Directory.CreateDirectory(root);
    }

    public async Task<ResumeLease> BeginAsync(CallContext context, Wire.UploadHeader header)
    {
        TextLength.Check(header.ResumeKey, MaxKeyBytes, "header.resume_key");
        if (header.ResumeKey.Length == 0)
        {
            return new ResumeLease(null, static () => { });
        }
        string file = FileOf(context, header.ResumeKey);
        TaskCompletionSource mine = await HoldAsync(file, header.ResumeKey, context.Cancellation).ConfigureAwait(false);
        try
        {
            RemoveExpired(file);
            byte[] about = HashOf(header);
            UploadProgress progress = UploadProgress.Open(file, about);
            if (!progress.Header.SequenceEqual(about))
            {
                progress.Dispose();
                throw Conflict(header.ResumeKey, "was used with another header");
            }
            return new ResumeLease(progress, () => Release(file, mine));
        }
        catch
        {
            Release(file, mine);
            throw;
        }
    }

    private async Task<TaskCompletionSource> HoldAsync(string file, string key, CancellationToken cancel)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long began = _time.GetTimestamp();
        while (true)
        {
            Task held;
            lock (_gate)
            {
                if (_inUse.TryAdd(file, mine))
                {
                    return mine;
                }
                held = _inUse[file].Task;
            }
            TimeSpan left = Patience - _time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                throw Conflict(key, "is in use by another stream");
            }
            await Task.WhenAny(held, Task.Delay(left, _time, cancel)).ConfigureAwait(false);
            cancel.ThrowIfCancellationRequested();
        }
    }

    private void Release(string file, TaskCompletionSource mine)
    {
        lock (_gate)
        {
            _inUse.Remove(file);
        }
        mine.SetResult();
    }

    /// <param name="own">Held by the caller, and not open yet.</param>
    private void RemoveExpired(string own)
    {
        DateTimeOffset oldest = _time.GetUtcNow() - _lifetime;
        foreach (string file in Directory.EnumerateFiles(_root, "*" + Extension))
        {
            bool idle;
            lock (_gate)
            {
                idle = file == own || !_inUse.ContainsKey(file);
            }
            if (idle && File.GetLastWriteTimeUtc(file) < oldest.UtcDateTime)
            {
                File.Delete(file);
            }
        }
    }

    // A collection that was made anew under an old name has none of the old points: its birth is part of the name.
    private string FileOf(CallContext context, string key)
    {
        string born = _settings.Of(context.Collection.Name).Created.ToDateTimeOffset().UtcTicks.ToString(CultureInfo.InvariantCulture);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Caller.Name}\0{context.Collection.Name}\0{born}\0{key}"));
        return Path.Combine(_root, Convert.ToHexStringLower(hash) + Extension);
    }

    private static byte[] HashOf(Wire.UploadHeader header)
    {
        Wire.UploadHeader about = header.Clone();
        about.Header = null;
        // Maps have no order on the wire.
        about.VectorOrigins.Clear();
        string origins = string.Concat(header.VectorOrigins.OrderBy(static o => o.Key, StringComparer.Ordinal).Select(static o => $"{o.Key}={o.Value}\n"));
        return SHA256.HashData([.. about.ToByteArray(), .. Encoding.UTF8.GetBytes(origins)]);
    }

    private static Rpc.RpcException Conflict(string key, string why) => Refusal.Of(
            Wire.ErrorReason.ResumeConflict, "header.resume_key", $"The resume key {why}.", "End the other stream, or upload under another key.", actual: key)
        .With("resume_key", Refusal.Shown(key));
}
