namespace Edge.Graph.Analysis;

/// <summary>Guesses what an input takes.</summary>
internal static class InputMeaning
{
    private const int SmallestPicture = 8;

    internal static Guess? Of(Value input, ModelFacts facts, out PictureSize? picture)
    {
        picture = null;
        if (input.Type is not TensorType type)
        {
            return null;
        }
        Guess? Make(string kind, string meaning, Certainty certainty, string reason) => new(input.Name, kind, meaning, certainty, reason);
        int rank = ModelFacts.Rank(input);
        (Node Node, Value Read)? reader = ModelFacts.FirstReader(input);
        if (rank == 4 && (type.Element.IsFloat() || type.Element == ElementType.UInt8))
        {
            return Picture(input, type, reader, out picture);
        }
        if (type.Element is ElementType.Int64 or ElementType.Int32)
        {
            if (input.Uses.Any(use => use is { Node.OpType: "Gather", Index: 1 } && use.Node.Inputs[0] is { Constant.Dims.Length: 2 }))
            {
                long rows = input.Uses.Select(use => use.Node.Inputs[0]?.Constant?.Dims.FirstOrDefault() ?? 0).Max();
                return Make("tokens", $"token numbers below {rows}, {Steps(input, 1)}", Certainty.Likely, "they pick rows of a table");
            }
            if (ModelFacts.Says(input.Name, "input_ids", "ids", "tokens", "token", "token_type_ids"))
            {
                return Make("tokens", $"token numbers, {Steps(input, 1)}", Certainty.Likely, "its name says so");
            }
            if (ModelFacts.Says(input.Name, "attention_mask", "mask"))
            {
                return Make("mask", "mask: 1 for a token, 0 for padding", Certainty.Likely, "its name says so");
            }
            if (IsSampleRate(input))
            {
                return Make("sampleRate", "sample rate in Hz", Certainty.Likely, "its name says so");
            }
            return null;
        }
        if (type.Element == ElementType.String)
        {
            return Make("text", "text", Certainty.Certain, "it takes strings");
        }
        if (!type.Element.IsFloat())
        {
            return null;
        }
        if (rank is 1 or 2 or 3 && LooksLikeSound(input, reader, facts))
        {
            return Make("audio", "sound samples", ModelFacts.Says(input.Name, "audio", "wav", "waveform", "speech", "pcm") || HasSampleRate(facts) ? Certainty.Likely : Certainty.Possible,
                facts.Operators.Contains("STFT") ? "an STFT reads it" : HasSampleRate(facts) ? "another input is the sample rate" : "its name or a convolution along time over one channel says so");
        }
        return rank switch
        {
            2 => Make("features", $"{Number(ModelFacts.Size(input, 1), "figures")} a sample, such as sensor readings or features", Certainty.Possible, "two axes of real numbers"),
            3 => Make("sequence", $"{Number(ModelFacts.Size(input, 1), "steps")} of {Number(ModelFacts.Size(input, 2), "figures")}", Certainty.Possible, "three axes of real numbers"),
            _ => null,
        };
    }

    private static Guess? Picture(Value input, TensorType type, (Node Node, Value Read)? reader, out PictureSize? picture)
    {
        picture = null;
        long?[] sizes = [.. type.Shape!.Dimensions.Select(dimension => dimension.Size)];
        bool mayBeNchw = sizes[1] is 1 or 3 or 4;
        bool mayBeNhwc = sizes[3] is 1 or 3 or 4;
        bool? isNchw = null;
        string reason = "";
        if (reader is { } first && ReferenceEquals(first.Read.Graph, input.Graph))
        {
            if (first.Node.OpType is "Conv" or "ConvInteger" or "QLinearConv" or "MaxPool" or "AveragePool" or "GlobalAveragePool")
            {
                (isNchw, reason) = (true, $"{first.Node.Describe()} reads it");
            }
            else if (first.Node.Is("Transpose") && first.Node.Attributes.GetInts("perm", []) is [0, 3, 1, 2])
            {
                (isNchw, reason) = (false, $"{first.Node.Describe()} brings the channels forward");
            }
            else if (first.Node.Is("Transpose") && first.Node.Attributes.GetInts("perm", []) is [0, 2, 3, 1])
            {
                (isNchw, reason) = (true, $"{first.Node.Describe()} brings the channels to the back");
            }
        }
        bool isSure = isNchw is not null;
        if (isNchw is null)
        {
            if (mayBeNchw == mayBeNhwc)
            {
                return null;
            }
            (isNchw, reason) = (mayBeNchw, $"axis {(mayBeNchw ? 1 : 3)} has the size of colour channels");
        }
        (long? channels, long? height, long? width) = isNchw.Value ? (sizes[1], sizes[2], sizes[3]) : (sizes[3], sizes[1], sizes[2]);
        string layout = isNchw.Value ? "NCHW" : "NHWC";
        if (channels is not (1 or 3 or 4))
        {
            return new Guess(input.Name, "map", $"map of {Count(height)}×{Count(width)} with {Count(channels)} channels, {layout}", Certainty.Likely, reason);
        }
        bool isSmall = height < SmallestPicture || width < SmallestPicture;
        bool isNarrow = channels == 1 && (isSmall || (height is { } h && width is { } w && Math.Max(h, w) >= 3 * Math.Min(h, w)));
        if (isSmall || isNarrow)
        {
            return new Guess(input.Name, "spectrogram", $"spectrogram or other map of {Count(height)}×{Count(width)}, one channel, {layout}", Certainty.Possible, $"{reason}; too narrow for a picture");
        }
        picture = new PictureSize(height, width, channels.Value, isNchw.Value);
        string colours = channels switch { 1 => "grey", 3 => "3 colour channels", _ => "4 channels" };
        string range = type.Element == ElementType.UInt8 ? ", raw pixels 0–255" : "";
        return new Guess(input.Name, "image", $"image {Count(width)}×{Count(height)} (width × height), {colours}, {layout}{range}", isSure ? Certainty.Certain : Certainty.Likely, reason);
    }

    private static bool LooksLikeSound(Value input, (Node Node, Value Read)? reader, ModelFacts facts)
    {
        if (ModelFacts.Says(input.Name, "audio", "wav", "waveform", "speech", "pcm") || facts.Operators.Contains("STFT") || HasSampleRate(facts))
        {
            return true;
        }
        long? samples = ModelFacts.Size(input, -1);
        return reader is { } first && first.Node.Is("Conv") && first.Node.Input(1)?.Constant is { Dims: [_, 1, _] } && (samples is null or >= 256);
    }

    private static bool HasSampleRate(ModelFacts facts) => facts.Inputs.Any(IsSampleRate);

    private static bool IsSampleRate(Value input) => input.ElementType is ElementType.Int64 or ElementType.Int32 && ModelFacts.Says(input.Name, "sr", "sample_rate", "sampling_rate", "rate");

    private static string Steps(Value value, int axis) => ModelFacts.Rank(value) > axis ? $"{Number(ModelFacts.Size(value, axis), "tokens")} a text" : "one at a time";

    private static string Count(long? size) => size?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "any";

    private static string Number(long? size, string things) => size is null ? $"an open number of {things}" : $"{Count(size)} {things}";
}
