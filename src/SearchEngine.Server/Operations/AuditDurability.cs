namespace SearchEngine.Server.Operations;

/// <summary>When a line of the audit log is safe.</summary>
internal enum AuditDurability
{
    Soon = 0,
    OnDisk = 1,
}
