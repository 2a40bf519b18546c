using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Foundation;

namespace Edge.Benchmarks.Training;

/// <summary>A python3 process that trains an epoch whenever it is asked.</summary>
internal sealed class TorchPeer : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    private TorchPeer(Process process, string version)
    {
        _process = process;
        Version = version;
    }

    public string Version { get; }

    /// <summary>Null, with a reason, where python3-torch is not installed.</summary>
    public static TorchPeer? Start(string net, string dataFolder, int samples, int batch, int threads, out string reason)
    {
        var start = new ProcessStartInfo(Python)
        {
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "train_torch.py"), net, dataFolder, Text(samples), Text(batch), Text(threads), Text(BenchNet.TextLength), Text(BenchNet.Vocabulary),
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        // Edge.Torch sets this for itself when it loads libtorch; both sides wait for their threads alike.
        if (NativeEnvironment.Get("GOMP_SPINCOUNT") is { } spinCount)
        {
            start.Environment["GOMP_SPINCOUNT"] = spinCount;
        }
        reason = "python3-torch is not installed, so there is nothing to compare with: apt-get install -y --no-install-recommends python3-torch python3-numpy";
        if (!File.Exists(Python))
        {
            return null;
        }
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        if (process.StandardOutput.ReadLine() is not { } line)
        {
            process.Dispose();
            return null;
        }
        return new TorchPeer(process, JsonDocument.Parse(line).RootElement.GetProperty("ready").GetString()!);
    }

    public EpochFigures Train()
    {
        _process.StandardInput.WriteLine("train");
        _process.StandardInput.Flush();
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the python peer has ended");
        JsonElement answer = JsonDocument.Parse(line).RootElement;
        double seconds = answer.GetProperty("seconds").GetDouble();
        return new EpochFigures(answer.GetProperty("samples").GetInt32() / seconds, answer.GetProperty("loss").GetDouble());
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
