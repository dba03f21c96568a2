using Microsoft.Extensions.Logging;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Configuration;

namespace SearchEngine.Server.Security;

/// <summary>
/// The keys of a server, read again when their file changes. A file that cannot be used leaves what is in force in force. Changes are
/// looked for once a second: a rename, a rewrite and a symbolic link that moves are all seen.
/// </summary>
internal sealed class KeyRing : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private volatile KeyTable _current;
    private string _stamp;

    /// <exception cref="ConfigurationException">The file cannot be used.</exception>
    public KeyRing(string path, TimeProvider time, ILogger log)
    {
        _path = path;
        _log = log;
        _stamp = FileStamp.Of(path);
        _current = KeyFile.Read(path);
        _timer = time.CreateTimer(static ring => ((KeyRing)ring!).Look(), this, LookAgain, LookAgain);
    }

    public KeyTable Current => _current;

    /// <summary>Reads the file now.</summary>
    /// <exception cref="ConfigurationException">It cannot be used; nothing changed.</exception>
    public KeyChanges Reload()
    {
        lock (_gate)
        {
            // The stamp is taken first: a file that changes while it is read is read again.
            string stamp = FileStamp.Of(_path);
            KeyTable next = KeyFile.Read(_path);
            KeyChanges changes = KeyChanges.Between(_current, next);
            (_current, _stamp) = (next, stamp);
            ServerLog.KeysLoaded(_log, changes.Keys, changes.Added.Count, changes.Removed.Count, changes.Changed.Count);
            return changes;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            string stamp = FileStamp.Of(_path);
            if (stamp == _stamp)
            {
                return;
            }
            try
            {
                Reload();
            }
            catch (ConfigurationException unusable)
            {
                // Told once per change, not once a second.
                _stamp = stamp;
                ServerLog.KeysUnusable(_log, unusable);
            }
        }
    }
}
