using Edge.Foundation;
using Edge.Imaging;
using Edge.Inference;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Service;

namespace Edge.Runtime.Verbs;

/// <summary>The work of <c>preview</c>: every image through the device's own pipeline, drawn, and one page of them all.</summary>
internal static class PreviewWork
{
    internal static int Run(PreviewRequest request)
    {
        if (request.Threshold is { } given && !(given is >= 0 and <= 1))
        {
            throw new ConfigException($"--threshold {given}: give 0 to 1");
        }
        using var engine = new EngineStart();
        FolderSource source = FolderSource.Open(request.Images, pattern: null);
        string[] paths = new string[source.Count];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = source.FilePath(i);
        }
        using var stop = new StopSignal();
        using VisionModel model = VisionModel.Open(Package.Open(request.Package, request.Trust), request.Settings);
        using VisionRunner runner = model.CreateRunner();
        runner.Threshold = (float)(request.Threshold ?? runner.Threshold);
        using var drawn = new DrawnPictures(Folder(request.Output), paths);
        using var reader = new FileReader();
        var page = new PreviewPage(model, runner.Threshold);
        int exitCode = ExitCode.Success;
        for (int i = 0; i < paths.Length && !stop.Token.IsCancellationRequested; i++)
        {
            string name = Path.GetFileName(paths[i]);
            try
            {
                ReadOnlySpan<byte> file = reader.Read(paths[i]);
                ImageFormats.CheckName(paths[i], file);
                VisionResult seen = runner.Run(file, paths[i]);
                drawn.Write(paths[i], file, seen, model.Labels);
                page.Add(name, seen);
            }
            catch (ImageException e)
            {
                exitCode = Failure.Report(e);
                page.AddUnreadable(name, e.Message);
            }
        }
        string path = Path.Combine(request.Output, "index.html");
        AtomicFile.WriteAllBytes(path, page.ToUtf8());
        Console.Out.WriteLine(path);
        return exitCode;
    }

    private static string Folder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            // Ends with a separator, so that a folder named like a picture is one all the same.
            return path.EndsWith('/') ? path : path + "/";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"--out {path}: cannot be made: check that it is a folder and its permissions", e);
        }
    }
}
