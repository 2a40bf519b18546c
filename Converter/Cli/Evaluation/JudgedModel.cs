using System.CommandLine;
using System.Text;
using Edge.Cli.Models;
using Edge.Cli.Training;
using Edge.Graph;
using Edge.Inference.Text;
using Edge.Packages;

namespace Edge.Cli.Evaluation;

/// <summary>A model that is to be judged: an ONNX file, or the model of a package with what its manifest says of it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Source">What messages call it.</param>
/// <param name="IsPackage">Whether it came out of a package.</param>
internal sealed record JudgedModel(OnnxModel Model, string Source, bool IsPackage)
{
    /// <summary>Opens a file, whichever of the two it is.</summary>
    /// <exception cref="ModelFormatException">It is no model.</exception>
    /// <exception cref="PackageException">It is a package that is damaged.</exception>
    internal static JudgedModel Open(string path)
    {
        if (!IsZip(path))
        {
            OnnxModel model = OnnxModel.Load(path);
            ModelVerifier.ThrowIfInvalid(model, path);
            return new JudgedModel(model, path, IsPackage: false);
        }
        // Whose package it is does not matter for how right it is; that it is whole was looked at.
        Package package = Package.Open(path, PackageTrust.AllowUnsigned);
        OnnxModel packed = OnnxModel.Parse(package.Model, path);
        Manifest manifest = package.Manifest;
        if (manifest.Input is { } input)
        {
            new ModelCard { Task = manifest.Task, Input = input, Output = manifest.Output, Labels = package.Labels }.Write(packed);
        }
        if (manifest.Sensor is not null || manifest.Text is not null)
        {
            new SignalCard { Task = manifest.Task, Sensor = manifest.Sensor, Text = manifest.Text, Output = manifest.Output, Labels = package.Labels }.Write(packed);
        }
        if (manifest.Text is not null)
        {
            packed.Metadata[Provenance.VocabularyEntry] = Encoding.UTF8.GetString(package.ReadFile(Vocabulary.FileName).Span);
        }
        return new JudgedModel(packed, path, IsPackage: true);
    }

    /// <summary>What the model expects and gives.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="options">What it may say about the model.</param>
    /// <param name="source">The data: what a recipe says of pictures counts where the model itself says nothing.</param>
    internal ModelCard? Card(ParseResult parse, CardOptions options, JudgedSource source)
    {
        if (SampleFeed.PictureOf(source.Test) is null)
        {
            return ModelCard.Read(Model, Source);
        }
        if (!Model.Metadata.ContainsKey(ModelCard.Key))
        {
            source.Card?.Write(Model);
        }
        return options.Card(parse, Model, Source);
    }

    private static bool IsZip(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }
        using FileStream file = File.OpenRead(path);
        return file.ReadByte() == 'P' && file.ReadByte() == 'K';
    }
}
