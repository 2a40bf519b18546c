using Edge.Imaging;
using Edge.Packages;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>One score a class to the best classes.</summary>
internal sealed class ClassPostprocessor : Postprocessor
{
    private readonly int _output;
    private readonly Classifier _classifier;

    internal ClassPostprocessor(HeadContext context, IReadOnlyList<string> labels, int? topK)
    {
        _output = context.OutputIndex();
        TensorPort scores = context.Outputs[_output];
        if (scores.ElementType != TensorElementType.Float || scores.Length == 0)
        {
            throw new InferenceException($"{context.Source}: the model's output '{scores.Name}' is {scores}, not one float32 score a class; make the package again");
        }
        OutputSpec spec = context.Output with { TopK = topK ?? context.Output.TopK };
        _classifier = new Classifier(spec, labels, scores.Length);
        Threshold = spec.Threshold;
    }

    internal int Classes => _classifier.Classes;

    internal int TopK => _classifier.TopK;

    internal override void Run(ModelSession session, in Placement placement, VisionResult result)
    {
        _classifier.Threshold = Threshold;
        result.Set(_classifier.Run(session.Output(_output)));
    }
}
