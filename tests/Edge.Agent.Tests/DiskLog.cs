using System.Text;

namespace Edge.Agent.Tests;

/// <summary>
/// Changes of files as crash.c wrote them down, and what a disk would hold after a power cut between any two of them. A file's
/// bytes are safe once it was synced, a name once its folder was; what was not may be there or not.
/// </summary>
internal sealed class DiskLog
{
    private const char Create = 'c';
    private const char Write = 'w';
    private const char Truncate = 't';
    private const char Sync = 's';
    private const char Rename = 'r';
    private const char Unlink = 'u';

    private readonly List<(char Kind, long Offset, string A, string B, byte[] Data)> _changes = [];
    private readonly Dictionary<string, byte[]> _base;
    private readonly string _folder;

    internal DiskLog(string log, string folder, Dictionary<string, byte[]> files)
    {
        (_folder, _base) = (folder, files);
        using var reader = new BinaryReader(File.OpenRead(log));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            char kind = (char)reader.ReadByte();
            long offset = reader.ReadInt64();
            int length = reader.ReadInt32();
            int a = reader.ReadInt32();
            int b = reader.ReadInt32();
            string first = Encoding.UTF8.GetString(reader.ReadBytes(a));
            string second = Encoding.UTF8.GetString(reader.ReadBytes(b));
            _changes.Add((kind, offset, first, second, reader.ReadBytes(length)));
        }
    }

    internal int Count => _changes.Count;

    /// <summary>What a cut may leave of what was not synced.</summary>
    internal enum Left
    {
        Everything,
        Nothing,
        NamesOnly,
        BytesOnly,
        SomeBytes,
    }

    /// <summary>Writes what the disk holds after the first changes.</summary>
    /// <param name="target">An empty folder.</param>
    /// <param name="cut">How many changes were made.</param>
    /// <param name="left">What is left of those that were not synced.</param>
    /// <param name="seed">Which bytes are left.</param>
    /// <param name="obeySync">False for a program that never syncs.</param>
    internal void Restore(string target, int cut, Left left, int seed, bool obeySync = true)
    {
        var random = new Random(seed);
        // A name points to a file; a file has bytes as the program sees them, and bytes that are safe.
        var names = _base.ToDictionary(pair => pair.Key, pair => new DiskFile(pair.Value), StringComparer.Ordinal);
        var safeNames = new Dictionary<string, DiskFile>(names, StringComparer.Ordinal);
        for (int i = 0; i < cut; i++)
        {
            (char kind, long offset, string a, string b, byte[] data) = _changes[i];
            switch (kind)
            {
                case Create:
                    names[a] = new DiskFile([]);
                    break;
                case Write:
                    names[a].Write(offset, data);
                    break;
                case Truncate:
                    names[a].Resize(offset);
                    break;
                case Rename:
                    names.Remove(a, out DiskFile? moved);
                    names[b] = moved!;
                    break;
                case Unlink:
                    names.Remove(a);
                    break;
                case Sync when !obeySync:
                    break;
                case Sync when names.TryGetValue(a, out DiskFile? file):
                    file.Sync();
                    break;
                case Sync:
                    SyncFolder(a, names, safeNames);
                    break;
            }
        }
        Dictionary<string, DiskFile> shown = left is Left.Nothing or Left.BytesOnly ? safeNames : names;
        foreach ((string name, DiskFile file) in shown)
        {
            string path = Path.Combine(target, Path.GetRelativePath(_folder, name));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, left switch
            {
                Left.Everything or Left.BytesOnly => file.Bytes,
                Left.SomeBytes => file.Some(random),
                _ => file.Safe,
            });
        }
    }

    private static void SyncFolder(string folder, Dictionary<string, DiskFile> names, Dictionary<string, DiskFile> safe)
    {
        foreach (string name in safe.Keys.Where(name => Path.GetDirectoryName(name) == folder.TrimEnd('/')).ToList())
        {
            safe.Remove(name);
        }
        foreach ((string name, DiskFile file) in names)
        {
            if (Path.GetDirectoryName(name) == folder.TrimEnd('/'))
            {
                safe[name] = file;
            }
        }
    }

    private sealed class DiskFile(byte[] bytes)
    {
        private const int Page = 4096;

        internal byte[] Bytes { get; private set; } = bytes;

        internal byte[] Safe { get; private set; } = bytes;

        internal void Write(long offset, byte[] data)
        {
            byte[] next = new byte[Math.Max(Bytes.Length, offset + data.Length)];
            Bytes.CopyTo(next, 0);
            data.CopyTo(next, offset);
            Bytes = next;
        }

        internal void Resize(long length)
        {
            byte[] next = new byte[length];
            Bytes.AsSpan(0, (int)Math.Min(length, Bytes.Length)).CopyTo(next);
            Bytes = next;
        }

        internal void Sync() => Safe = Bytes;

        /// <summary>The new length, with each page either new or as it was when it was safe.</summary>
        internal byte[] Some(Random random)
        {
            byte[] some = new byte[Bytes.Length];
            Safe.AsSpan(0, Math.Min(Safe.Length, some.Length)).CopyTo(some);
            for (int start = 0; start < some.Length; start += Page)
            {
                if (random.Next(2) == 0)
                {
                    int length = Math.Min(Page, some.Length - start);
                    Bytes.AsSpan(start, length).CopyTo(some.AsSpan(start));
                }
            }
            return some;
        }
    }
}
