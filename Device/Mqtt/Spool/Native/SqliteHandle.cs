using Microsoft.Win32.SafeHandles;

namespace Edge.Mqtt.Spool.Native;

/// <summary>Owns a <c>sqlite3</c> connection; its statements must be released before.</summary>
internal sealed class SqliteHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal SqliteHandle(nint database)
        : base(ownsHandle: true) => SetHandle(database);

    protected override bool ReleaseHandle() => Sqlite.Close(handle) == Sqlite.Ok;
}
