using System.Runtime.InteropServices;

namespace Edge.Mqtt.Spool.Native;

/// <summary>The calls of SQLite's C interface that the spool needs (sqlite.org/c3ref).</summary>
internal static unsafe partial class Sqlite
{
    internal const string Library = "libsqlite3.so.0";

    internal const int Ok = 0;
    internal const int Busy = 5;
    internal const int Corrupt = 11;
    internal const int Full = 13;
    internal const int NotADatabase = 26;
    internal const int Row = 100;
    internal const int Done = 101;

    /// <summary>Read and write, make it where it is not, and leave locking of the connection to its one user.</summary>
    internal const int OpenFlags = 0x2 | 0x4 | 0x8000;

    [LibraryImport(Library, EntryPoint = "sqlite3_libversion_number")]
    internal static partial int VersionNumber();

    [LibraryImport(Library, EntryPoint = "sqlite3_open_v2", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, out nint database, int flags, nint vfs);

    [LibraryImport(Library, EntryPoint = "sqlite3_close_v2")]
    internal static partial int Close(nint database);

    [LibraryImport(Library, EntryPoint = "sqlite3_exec", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Execute(SqliteHandle database, string sql, nint callback, nint argument, nint error);

    [LibraryImport(Library, EntryPoint = "sqlite3_prepare_v2", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Prepare(SqliteHandle database, string sql, int length, out nint statement, nint tail);

    [LibraryImport(Library, EntryPoint = "sqlite3_finalize")]
    internal static partial int Release(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64")]
    internal static partial int Bind(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    internal static partial int BindBytes(nint statement, int index, byte* bytes, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    internal static partial int BindText(nint statement, int index, byte* text, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    internal static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    internal static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    internal static partial long Number(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    internal static partial byte* Bytes(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    internal static partial int ByteCount(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_errmsg")]
    internal static partial nint ErrorMessage(SqliteHandle database);
}
