using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Edge.Foundation;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference;

/// <summary>
/// Models as the engine's optimizer left them, in a folder, so that the next start need not optimize again. A file is found by
/// what it depends on: model, engine, processor and settings. It ends with a hash of itself; one that is damaged, cut off or
/// refused by the engine is ignored and written anew. A model that does not load faster this way is not loaded this way again.
/// </summary>
internal sealed class ModelCache
{
    private const int MostFiles = 16;

    // A busy moment must not decide against the cache for good.
    private const double ClearlySlower = 1.5;
    private const string Extension = ".onnx";
    private const string TemporaryExtension = ".tmp";
    private static readonly TimeSpan TemporaryLife = TimeSpan.FromHours(1);
    private readonly string _folder;
    private readonly string _path;

    /// <summary>The cache of one model with one way to run it.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="modelHash">SHA-256 of the model.</param>
    /// <param name="settings">How it is run.</param>
    internal ModelCache(string folder, ReadOnlySpan<byte> modelHash, SessionSettings settings)
    {
        _folder = folder;
        // The optimizer lays weights out for the processor it runs on.
        string rest = string.Create(CultureInfo.InvariantCulture, $"{EngineEnvironment.Version} cpu {settings.Optimization} {RuntimeInformation.ProcessArchitecture} {Processor.Signature()}");
        byte[] key = SHA256.HashData([.. modelHash, .. Encoding.UTF8.GetBytes(rest)]);
        _path = Path.Combine(folder, Convert.ToHexStringLower(key) + Extension);
    }

    /// <summary>The file that the last session was made from; null where it was made from the model itself.</summary>
    internal string? UsedPath { get; private set; }

    /// <summary>Makes a session, from the cached model where there is a good one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Makes options; the argument says whether the model still has to be optimized.</param>
    /// <exception cref="OnnxRuntimeException">The engine refuses the model itself.</exception>
    internal InferenceSession Create(ReadOnlyMemory<byte> model, Func<bool, SessionOptions> options)
    {
        long start = Stopwatch.GetTimestamp();
        CacheTrailer? trailer = CacheTrailer.Check(_path);
        if (trailer is { IsSlower: false })
        {
            try
            {
                using SessionOptions cached = options(false);
                var session = new InferenceSession(_path, cached);
                double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (milliseconds > trailer.PlainMilliseconds * ClearlySlower)
                {
                    TryWrite(() => CacheTrailer.MarkSlower(_path));
                }
                UsedPath = _path;
                return session;
            }
            catch (OnnxRuntimeException)
            {
                trailer = null;
            }
        }
        return trailer is null ? CreateAndKeep(model, options) : CreatePlain(model, options);
    }

    private InferenceSession CreateAndKeep(ReadOnlyMemory<byte> model, Func<bool, SessionOptions> options)
    {
        string temporary = string.Create(CultureInfo.InvariantCulture, $"{_path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}{TemporaryExtension}");
        bool writable = TryWrite(() =>
        {
            Directory.CreateDirectory(_folder);
            Tidy();
            File.WriteAllBytes(temporary, []);
        });
        if (!writable)
        {
            return CreatePlain(model, options);
        }
        InferenceSession session;
        double milliseconds;
        try
        {
            long start = Stopwatch.GetTimestamp();
#pragma warning disable CA2000 // The caller disposes it; what follows throws nothing.
            session = CreatePlain(model, options, temporary);
#pragma warning restore CA2000
            milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        catch (OnnxRuntimeException)
        {
            // The disk may be full, or the graph one that cannot be saved: the model itself decides.
            TryWrite(() => File.Delete(temporary));
            return CreatePlain(model, options);
        }
        if (!TryWrite(() =>
        {
            CacheTrailer.Append(temporary, milliseconds);
            File.Move(temporary, _path, overwrite: true);
        }))
        {
            TryWrite(() => File.Delete(temporary));
        }
        return session;
    }

    private static InferenceSession CreatePlain(ReadOnlyMemory<byte> model, Func<bool, SessionOptions> options, string? optimizedPath = null)
    {
        using SessionOptions plain = options(true);
        if (optimizedPath is not null)
        {
            plain.OptimizedModelFilePath = optimizedPath;
        }
        return new InferenceSession(model.ToArray(), plain);
    }

    // Models come and go over the years, and a power cut leaves temporary files.
    private void Tidy()
    {
        FileInfo[] files = new DirectoryInfo(_folder).GetFiles();
        Array.Sort(files, (a, b) => b.LastWriteTimeUtc.CompareTo(a.LastWriteTimeUtc));
        int kept = 1;
        foreach (FileInfo file in files)
        {
            bool stale = file.Extension == TemporaryExtension
                ? TimeProvider.System.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > TemporaryLife
                : file.Extension == Extension && kept++ >= MostFiles;
            if (stale)
            {
                file.Delete();
            }
        }
    }

    /// <summary>Forgets a cached model that loads but cannot be run: it was made for another processor, whatever this one says of itself.</summary>
    internal static void Forget(string path) => TryWrite(() => File.Delete(path));

    private static bool TryWrite(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
