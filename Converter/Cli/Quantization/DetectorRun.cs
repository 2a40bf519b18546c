using Edge.Cli.Models;
using Edge.Graph;
using Edge.Inference;
using Edge.Packages;

namespace Edge.Cli.Quantization;

/// <summary>A detector in the device's own pipeline: preprocessing, engine, decoding.</summary>
internal sealed class DetectorRun : IDisposable
{
    private readonly VisionModel _model;
    private readonly VisionRunner _runner;

    internal DetectorRun(OnnxModel model, ModelCard card, OutputSpec output, int threads)
    {
        var manifest = new Manifest { Name = "judged", Version = "1.0.0", Release = 1, Task = ModelTask.Detect, Input = card.Input, Output = output };
        List<PackageContent> contents = [PackageContent.Model(model.ToBytes())];
        if (card.Labels.Count > 0)
        {
            contents.Add(PackageContent.Labels(card.Labels));
        }
        Package package = Package.Read(PackageWriter.ToBytes(manifest, contents), "model", PackageTrust.AllowUnsigned);
        _model = VisionModel.Open(package, new SessionSettings { Threads = threads });
        try
        {
            _runner = _model.CreateRunner();
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>Looks at a picture.</summary>
    internal Detection[] Detect(string picture) => _runner.Run(File.ReadAllBytes(picture), picture).Detections.ToArray();

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Dispose();
        _model.Dispose();
    }
}
