using Edge.Mqtt.Spool.Native;

namespace Edge.Mqtt.Spool;

/// <summary>A compiled statement that is used again and again. Parameters and columns count from 1 and from 0, as SQLite does.</summary>
internal sealed unsafe class SqliteStatement(SqliteConnection connection, nint statement) : IDisposable
{
    private static readonly nint CopyNow = -1;

    private nint _statement = statement;

    internal SqliteStatement Set(int parameter, long value)
    {
        connection.Check(Sqlite.Bind(_statement, parameter, value));
        return this;
    }

    /// <summary>Sets bytes, which SQLite copies.</summary>
    internal SqliteStatement Set(int parameter, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            // SQLite takes a null pointer for NULL, whatever the length.
            byte empty = 0;
            connection.Check(Sqlite.BindBytes(_statement, parameter, first == null ? &empty : first, bytes.Length, CopyNow));
        }
        return this;
    }

    /// <summary>Sets a text, which SQLite copies.</summary>
    internal SqliteStatement SetText(int parameter, ReadOnlySpan<byte> utf8)
    {
        fixed (byte* first = utf8)
        {
            connection.Check(Sqlite.BindText(_statement, parameter, first, utf8.Length, CopyNow));
        }
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one; at the end the statement is ready to run again.</returns>
    internal bool Step()
    {
        int status = Sqlite.Step(_statement);
        if (status == Sqlite.Row)
        {
            return true;
        }
        _ = Sqlite.Reset(_statement);
        connection.Check(status);
        return false;
    }

    /// <summary>Runs a statement that gives nothing.</summary>
    internal void Run() => Step();

    internal long Number(int column) => Sqlite.Number(_statement, column);

    /// <summary>A column's bytes, valid until the next step.</summary>
    internal ReadOnlySpan<byte> Bytes(int column)
    {
        byte* first = Sqlite.Bytes(_statement, column);
        return new ReadOnlySpan<byte>(first, Sqlite.ByteCount(_statement, column));
    }

    /// <summary>Ends reading rows.</summary>
    internal void Reset() => _ = Sqlite.Reset(_statement);

    public void Dispose()
    {
        _ = Sqlite.Release(_statement);
        _statement = 0;
    }
}
