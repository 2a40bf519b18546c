using System.Runtime.InteropServices;
using System.Text;
using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Imaging;
using Edge.Inference;
using Edge.Inference.Text;
using Edge.Packages;
using Edge.Torch;
using Edge.Training.Data;

namespace Edge.Cli.Evaluation;

/// <summary>
/// Reads files that a user wants looked at in the form that the model itself describes: a picture each by its card, the rows or
/// windows of tables by the columns that it was trained with, a text each by its vocabulary.
/// </summary>
internal static class GivenFiles
{
    private const int LargestPicture = 256 << 20;
    private const int LargestText = 1 << 20;

    /// <summary>Reads the files.</summary>
    /// <param name="files">The files, at least one.</param>
    /// <param name="model">The model.</param>
    /// <param name="picture">The model's card as the command line has it, where the model takes pictures.</param>
    /// <exception cref="ToolException">A file is missing, or the model does not say what it takes.</exception>
    /// <exception cref="Foundation.InputException">A file is damaged, or does not fit the model.</exception>
    internal static JudgedSource Read(IReadOnlyList<string> files, JudgedModel model, Func<ModelCard> picture)
    {
        foreach (string file in files)
        {
            if (!File.Exists(file))
            {
                throw new ToolException($"{file}: no such file to explain; check the path");
            }
        }
        SignalCard? card = SignalCard.Read(model.Model, model.Source);
        if (card?.Text is not null)
        {
            return Texts(files, model, card);
        }
        return card?.Sensor is { } sensor ? Readings(files, sensor, card) : Pictures(files, picture());
    }

    private static JudgedSource Pictures(IReadOnlyList<string> files, ModelCard card)
    {
        InputSpec own = card.Input;
        // Levels as they are, by planes; the card's own scale, order and layout come after that, as for a data set.
        var spec = new InputSpec
        {
            Width = own.Width,
            Height = own.Height,
            Channels = own.Channels,
            Resize = own.Resize,
            Resample = own.Resample,
            PaddingPlace = own.PaddingPlace,
            PaddingValue = own.PaddingValue,
            ColorOrder = own.Channels == 1 ? ColorOrder.Grey : ColorOrder.Rgb,
            Scale = 1,
        };
        var preprocessor = new Preprocessor(spec);
        var samples = new GivenSamples(new Field("image", DataType.Float32, own.Channels, own.Height, own.Width) { ChannelAxis = 0 }, card.Labels);
        using var decoder = new ImageDecoder();
        using var pixels = new PixelBuffer();
        byte[] levels = new byte[preprocessor.ByteLength];
        foreach (string file in files)
        {
            decoder.Decode(Bytes(file, LargestPicture), pixels, preprocessor.DecodeOptions, file);
            preprocessor.Run(pixels.View, levels);
            samples.Add(Path.GetFileName(file), levels);
        }
        return new JudgedSource { Test = samples, Card = card, Given = samples };
    }

    private static JudgedSource Readings(IReadOnlyList<string> files, SensorSpec sensor, SignalCard card)
    {
        // Windows do not overlap, so that every row is looked at once.
        var options = new TableOptions { Columns = sensor.Columns, Window = sensor.Window, Stride = Math.Max(1, sensor.Window), Target = TargetKind.Input, Block = 0 };
        GivenSamples? samples = null;
        foreach (string file in files)
        {
            Dataset rows = TableDataset.Load(file, options).Prepare(SignalData.Scale(sensor));
            samples ??= new GivenSamples(rows.Inputs[0], card.Labels);
            var buffer = new SampleBuffer(rows);
            for (int index = 0; index < rows.Count; index++)
            {
                buffer.Read(index);
                int row = (index * Math.Max(1, sensor.Window)) + 1;
                samples.Add($"{Path.GetFileName(file)}:{row}{(sensor.Window > 1 ? $"–{row + sensor.Window - 1}" : "")}", buffer.Input<byte>());
            }
        }
        return new JudgedSource { Test = samples!, Columns = sensor.Columns, Given = samples };
    }

    private static JudgedSource Texts(IReadOnlyList<string> files, JudgedModel model, SignalCard card)
    {
        Vocabulary vocabulary = SignalData.VocabularyOf(model);
        var encoder = new TextEncoder(vocabulary);
        var samples = new GivenSamples(new Field("tokens", DataType.Int64, vocabulary.Length), card.Labels);
        foreach (string file in files)
        {
            long[] tokens = new long[vocabulary.Length];
            encoder.Encode(Encoding.UTF8.GetString(Bytes(file, LargestText)).Trim(), tokens);
            samples.Add(Path.GetFileName(file), MemoryMarshal.AsBytes(tokens.AsSpan()));
        }
        return new JudgedSource { Test = samples, Vocabulary = vocabulary, Given = samples };
    }

    private static byte[] Bytes(string file, int most) => new FileInfo(file).Length <= most
        ? File.ReadAllBytes(file)
        : throw new ToolException($"{file}: has more than {most} bytes; give a smaller file");
}
