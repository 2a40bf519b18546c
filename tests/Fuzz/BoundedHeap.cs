using System.Diagnostics;
using System.Globalization;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Inference;

namespace Edge.Fuzz;

/// <summary>
/// Reads a file in a process of its own whose heap the runtime does not let grow beyond the bound. That it ends is the proof:
/// no sample of memory in use is needed, which may miss the peak.
/// </summary>
public static class BoundedHeap
{
    /// <summary>The first argument of that process; the file is the second.</summary>
    public const string Argument = "within-heap";

    private const int DidNotFit = 9;

    /// <summary>What a file of that size may take, itself included.</summary>
    /// <param name="bytes">The size of the file.</param>
    public static long Of(long bytes) => Fuzzer.AllowedAnyway + (Fuzzer.AllowedPerByte * bytes);

    /// <summary>Reads, verifies and infers a file within its bound.</summary>
    /// <param name="bytes">The content of the file.</param>
    /// <param name="bound">The bound in bytes; <see cref="Of"/> unless given.</param>
    /// <returns>Null where it fits; else what happened.</returns>
    public static string? Try(byte[] bytes, long? bound = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        long limit = bound ?? Of(bytes.Length);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, bytes);
            var info = new ProcessStartInfo("dotnet", [typeof(BoundedHeap).Assembly.Location, Argument, file]) { RedirectStandardError = true };
            info.Environment["DOTNET_GCHeapHardLimit"] = limit.ToString("X", CultureInfo.InvariantCulture);
            // Debris that is collected late must not count as use.
            info.Environment["DOTNET_gcServer"] = "0";
            info.Environment["DOTNET_gcConcurrent"] = "0";
            info.Environment["DOTNET_DbgEnableMiniDump"] = "0";
            using Process process = Process.Start(info)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode switch
            {
                ExitCode.Success => null,
                DidNotFit => $"needs more than {limit >> 20} MB for {bytes.Length} bytes",
                _ => $"ended with {process.ExitCode}: {errors.ReplaceLineEndings(" ")}",
            };
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What the process does.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its exit code.</returns>
    internal static int Run(string file)
    {
        try
        {
            OnnxModel model = OnnxModel.Load(file);
            IReadOnlyList<ModelProblem> problems = ModelVerifier.Verify(model);
            InferenceResult result = ShapeInference.Run(model);
            GC.KeepAlive((model, problems, result));
            return ExitCode.Success;
        }
        catch (ModelFormatException)
        {
            return ExitCode.Success;
        }
        catch (OutOfMemoryException)
        {
            return DidNotFit;
        }
    }
}
