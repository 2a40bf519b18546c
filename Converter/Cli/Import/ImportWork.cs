using Edge.Cli.Inspection;
using Edge.Cli.Models;
using Edge.Cli.Samples;
using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Graph.Execution;
using Edge.Graph.Passes;
using Edge.Graph.Serialization;
using Edge.Packages;

namespace Edge.Cli.Import;

/// <summary>Takes in somebody else's model: upgrades, cleans, changes what was asked for, proves each step, writes.</summary>
internal sealed class ImportWork
{
    private const int DefaultOpset = 17;
    // Rounding to float16 costs far less than that in a sound model; more means that something overflowed or vanished.
    private const double LeastDecibelsOfWeights = 20;
    private const double LeastDecibelsOfAll = 10;

    private readonly ImportRequest _request;
    private readonly OnnxModel _model;
    private readonly List<PassResult> _passes = [];
    private readonly List<ImportReport.ProofStep> _proofs = [];

    private ImportWork(ImportRequest request)
    {
        _request = request;
        _model = OnnxModel.Load(request.Source);
        ModelVerifier.ThrowIfInvalid(_model, request.Source);
    }

    /// <summary>Does it.</summary>
    /// <exception cref="ModelFormatException">The source is no sound model, or what was asked for does not fit it.</exception>
    /// <exception cref="IOException">The result cannot be written.</exception>
    internal static ImportOutcome Run(ImportRequest request) => new ImportWork(request).Run();

    private ImportOutcome Run()
    {
        KnownShapes.Infer(_model, _request.Source, _request.Inputs);
        long opset = _model.Opset;
        int nodes = _model.Graph.WithSubgraphs().Sum(graph => graph.Nodes.Count);
        long multiplyAdds = GraphCost.Of(KnownShapes.WithBatchOfOne(_model) ?? _model).MultiplyAdds;
        string? note = Upgrade();
        Clean();
        string? refusal = _request.Prove ? ProveCleanUp() : null;
        refusal ??= Request();
        refusal ??= Narrow();
        if (refusal is not null)
        {
            return new ImportOutcome(null, $"{_request.Source}: {refusal}; nothing was written");
        }
        KnownShapes.Infer(_model, _request.Target, null);
        ModelVerifier.ThrowIfInvalid(_model, _request.Target);
        _model.Save(_request.Target);
        return new ImportOutcome(new ImportReport
        {
            Target = _request.Target,
            OpsetBefore = opset,
            OpsetAfter = _model.Opset,
            OpsetNote = note,
            NodesBefore = nodes,
            NodesAfter = _model.Graph.WithSubgraphs().Sum(graph => graph.Nodes.Count),
            BytesBefore = ModelFiles.Bytes(_request.Source),
            BytesAfter = ModelFiles.Bytes(_request.Target),
            MultiplyAddsBefore = multiplyAdds,
            Passes = _passes,
            Proofs = _proofs,
            Model = ModelReport.Of(_model, _request.Target),
        }, null);
    }

    private string? ProveCleanUp()
    {
        OnnxModel source = Source();
        InputNormalization? pixels = _request.Normalize ? _request.Normalization ?? NormalizeOption.GraphOnly : null;
        return Prove("the clean-up", source, _model, Samples(source, pixels)?.Read() ?? []);
    }

    private SampleSet? Samples(OnnxModel model, InputNormalization? pixels) =>
        _request.Samples.Count == 0 ? null : SampleSet.Of(model, _request.Source, _request.Samples, pixels, _request.Color, _request.Fill);

    private string? Upgrade()
    {
        if (_request.Opset is { } wanted && _model.Opset > wanted)
        {
            throw new ModelFormatException($"{_request.Source}: is of opset {_model.Opset}, later than {wanted}; a model can only be upgraded");
        }
        int target = _request.Opset ?? DefaultOpset;
        if (_model.Opset >= target || _model.Opset == 0)
        {
            return null;
        }
        var pass = new UpgradeOpset(target);
        try
        {
            _passes.Add(new PassResult(pass.Name, pass.Run(_model)));
            return null;
        }
        catch (ModelFormatException e) when (_request.Opset is null)
        {
            return e.Message;
        }
    }

    private void Clean()
    {
        KnownShapes.Infer(_model, _request.Source, null);
        foreach (PassResult result in PassPipeline.ForDeployment.Run(_model))
        {
            int known = _passes.FindIndex(item => item.Pass == result.Pass);
            if (known < 0)
            {
                _passes.Add(result);
            }
            else
            {
                _passes[known] = result with { Changes = _passes[known].Changes + result.Changes };
            }
        }
        KnownShapes.Infer(_model, _request.Source, null);
    }

    // What the user asked for changes what the model takes.
    private string? Request()
    {
        if (!_request.Nchw && !_request.Normalize && !_request.UInt8)
        {
            return null;
        }
        string name = PictureInput();
        RefuseNchw(name);
        try
        {
            Run(_request.Nchw ? new NhwcInputToNchw(name) : null);
            Run(_request.Normalize ? new FoldInputNormalization(_request.Normalization, name) : null);
            Run(_request.UInt8 ? new TakeUInt8Input(name) : null);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"{_request.Source}: {e.Message}", e);
        }
        Clean();
        UpdateCard();
        if (!_request.Prove)
        {
            return null;
        }
        OnnxModel source = Source();
        Value input = _model.Graph.Find(name)!;
        SourceAdapter.Adapt(source, name, input, _request.Normalize ? _request.Normalization : null, _request.Nchw);
        // Tensors that were given are what the source takes; only pictures can be brought into the new form.
        SampleSet? samples = Samples(_model, _request.Normalize ? NormalizeOption.GraphOnly : null);
        return Prove("the changed input", source, _model, samples is { HasOnlyPictures: true } ? samples.Read() : [], Pixels(input) ?? []);
    }

    // A picture whose channels come first already must not be turned round.
    private void RefuseNchw(string name)
    {
        Guess? guess = _request.Nchw ? ModelMeaning.Of(_model).FirstOrDefault(guess => guess.About == name) : null;
        if (guess?.Meaning.Contains("NCHW", StringComparison.Ordinal) == true)
        {
            throw new ModelFormatException($"{_request.Source}: input '{name}' is [N,C,H,W] already ({guess.Reason}); leave --nchw out");
        }
    }

    private void Run(IGraphPass? pass)
    {
        if (pass is not null)
        {
            _passes.Add(new PassResult(pass.Name, pass.Run(_model)));
        }
    }

    private string? Narrow()
    {
        if (_request.Float16 is not { } use)
        {
            return null;
        }
        OnnxModel before = _model.Copy();
        try
        {
            Run(use == Float16Use.Weights ? new WeightsToFloat16() : new ConvertToFloat16 { NarrowPorts = _request.Float16Ports });
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"{_request.Source}: {e.Message} (--float16 weights)", e);
        }
        if (!_request.Prove)
        {
            return null;
        }
        foreach (Value input in _model.Graph.Inputs.Where(input => input.ElementType == ElementType.Float16))
        {
            SourceAdapter.Adapt(before, input.Name, input, null, isNhwc: false);
        }
        string step = use == Float16Use.Weights ? "float16 weights" : "computing in float16";
        OutputDeltas random = OutputComparison.Run(before, _model);
        SampleSet? samples = Samples(_model, _request.Normalize ? NormalizeOption.GraphOnly : null);
        // The model may take its input in another form by then than tensors were given in.
        OutputDeltas? given = samples is not null && (samples.HasOnlyPictures || !TakesOther) ? OutputComparison.Run(before, _model, new ComparisonOptions { Given = samples.Read() }) : null;
        // What users really feed the model decides, where they say it.
        IReadOnlyList<OutputDelta> outputs = given is { Runs: > 0 } ? given.Outputs : random.Outputs;
        OutputDelta? worst = outputs.Where(output => !output.IsEqual).OrderBy(output => output.SqnrDecibels ?? 0).FirstOrDefault();
        int count = given?.Runs ?? 0;
        _proofs.Add(new ImportReport.ProofStep(step, random.Runs + count, count, outputs.Select(output => output.MaximumAbsolute).DefaultIfEmpty().Max(), worst?.Output, worst?.SqnrDecibels));
        double least = use == Float16Use.Weights ? LeastDecibelsOfWeights : LeastDecibelsOfAll;
        return outputs.Count == 0 ? $"{step} could not be compared: {random.Problem}"
            : worst is not null && !((worst.SqnrDecibels ?? 0) >= least) ? FactsPrinter.Format($"output '{worst.Output}' has a signal-to-noise ratio of {worst.SqnrDecibels ?? 0:F1} dB with {step}, {least} is the least; leave --float16 out, or prove it on real inputs: --samples")
            : null;
    }

    private bool TakesOther => _request.Nchw || _request.Normalize || _request.UInt8 || _request.Float16Ports;

    private string? Prove(string step, OnnxModel source, OnnxModel result, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> samples, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>>? pixels = null)
    {
        int count = 0;
        IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Counted()
        {
            foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
            {
                count++;
                yield return sample;
            }
        }
        ProofResult proof = ModelProof.Compare(source, result, new ProofOptions { Threads = _request.Threads }, Counted().Concat(pixels ?? []));
        OutputDifference? worst = proof.Outputs.MaxBy(output => output.MaximumAbsolute);
        _proofs.Add(new ImportReport.ProofStep(step, proof.Runs, count, worst?.MaximumAbsolute ?? 0, worst?.Output, null));
        return proof.Verdict switch
        {
            ProofVerdict.Differs => $"{step} changed what the model computes: {proof.Reason}",
            ProofVerdict.NotComparable => $"{step} cannot be proven: {proof.Reason}; give inputs with --samples, or write the model unproven with --no-verify-run",
            _ => null,
        };
    }

    private OnnxModel Source()
    {
        OnnxModel source = OnnxModel.Load(_request.Source);
        KnownShapes.Infer(source, _request.Source, _request.Inputs);
        return source;
    }

    private string PictureInput()
    {
        Value[] inputs = [.. _model.Graph.Inputs.Where(input => input.Constant is null)];
        if (_request.Picture is { } asked)
        {
            return Array.Find(inputs, input => input.Name == asked)?.Name
                ?? throw new ModelFormatException($"{_request.Source}: has no input '{asked}'; it has {string.Join(", ", inputs.Select(input => input.Name))}");
        }
        string[] pictures = [.. ModelMeaning.Of(_model).Where(guess => guess.Kind is "image" or "map" or "spectrogram" && inputs.Any(input => input.Name == guess.About)).Select(guess => guess.About!)];
        return pictures is [var only] ? only
            : inputs is [var single] ? single.Name
            : throw new ModelFormatException($"{_request.Source}: {pictures.Length} of its inputs look like pictures ({string.Join(", ", inputs.Select(input => input.Name))}); name one with --picture");
    }

    // Random inputs of a float tensor stay near zero; pixels do not.
    private List<IReadOnlyDictionary<string, OnnxTensor>>? Pixels(Value input)
    {
        if (input is not { ElementType: ElementType.Float, Shape: { } shape } || _model.Graph.Inputs.Count(value => value.Constant is null) != 1)
        {
            return null;
        }
        long[] dims = [.. shape.Dimensions.Select((dimension, axis) => dimension.Size ?? (axis == 0 ? 1 : -1))];
        if (dims.Any(size => size <= 0) || dims.Aggregate(1.0, (a, b) => a * b) > 1 << 26)
        {
            return null;
        }
        var random = new Random(1);
        float[] pixels = new float[dims.Aggregate(1L, (a, b) => a * b)];
        for (int index = 0; index < pixels.Length; index++)
        {
            pixels[index] = random.Next(256);
        }
        return [new Dictionary<string, OnnxTensor> { [input.Name] = OnnxTensor.From<float>(pixels, dims) }];
    }

    // A model of Edge's own says what its input is.
    private void UpdateCard()
    {
        if (ModelCard.Read(_model, _request.Source) is not { } card)
        {
            return;
        }
        InputSpec input = card.Input with { };
        if (_request.Nchw)
        {
            input.Layout = TensorLayout.Nchw;
        }
        if (_request.Normalize && _request.Normalization is not null)
        {
            (input.Scale, input.Mean, input.Std) = (1, [0], [1]);
        }
        if (_request.UInt8)
        {
            input.Dtype = InputType.UInt8;
        }
        (card with { Input = input }).Write(_model);
    }
}
