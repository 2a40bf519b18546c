namespace Edge.Torch;

/// <summary>
/// The tensors that an optimizer moves, with its two moments for each (null where it needs none). One call steps them all,
/// through memory once. The set does not own the tensors: whoever made them disposes them, after the set's last use.
/// </summary>
public sealed unsafe class ParameterSet
{
    private readonly Tensor[] _tensors;
    private readonly NativeParameter[] _parameters;
    private readonly nint[] _values;

    /// <summary>Groups parameters with their moments.</summary>
    /// <param name="values">The parameters.</param>
    /// <param name="first">Momentum or first moments, like the parameters in shape and type; null for none.</param>
    /// <param name="second">Second moments, like the parameters in shape and type; null for none.</param>
    /// <param name="scales">What multiplies each parameter's learning rate and weight decay; null for 1.</param>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public ParameterSet(
        IReadOnlyList<Tensor> values, IReadOnlyList<Tensor>? first = null, IReadOnlyList<Tensor>? second = null, IReadOnlyList<ParameterScale>? scales = null)
    {
        if ((first is not null && first.Count != values.Count) || (second is not null && second.Count != values.Count)
            || (scales is not null && scales.Count != values.Count))
        {
            throw new ArgumentException("every parameter needs its moment");
        }
        _tensors = [.. values, .. first ?? [], .. second ?? []];
        _parameters = new NativeParameter[values.Count];
        _values = new nint[values.Count];
        for (int i = 0; i < values.Count; i++)
        {
            _values[i] = values[i].Raw;
            ParameterScale scale = scales?[i] ?? ParameterScale.One;
            _parameters[i] = new NativeParameter
            {
                Value = _values[i],
                First = first?[i].Raw ?? 0,
                Second = second?[i].Raw ?? 0,
                Rate = scale.Rate,
                Decay = scale.Decay,
            };
        }
    }

    /// <summary>The length of all gradients as one vector, in the Euclidean norm.</summary>
    public double GradientNorm()
    {
        double norm;
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (nint* values = _values)
        {
            TorchNative.Check(TorchNative.GradientNorm(values, _values.Length, &norm, error, TorchNative.ErrorSize), error);
        }
        GC.KeepAlive(_tensors);
        return norm;
    }

    /// <summary>Multiplies all gradients.</summary>
    /// <param name="factor">The factor.</param>
    public void ScaleGradients(double factor)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (nint* values = _values)
        {
            TorchNative.Check(TorchNative.ScaleGradients(values, _values.Length, factor, error, TorchNative.ErrorSize), error);
        }
        GC.KeepAlive(_tensors);
    }

    /// <summary>Brings every element of all gradients into −limit to limit.</summary>
    /// <param name="limit">The limit, above 0.</param>
    public void ClampGradients(double limit)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (nint* values = _values)
        {
            TorchNative.Check(TorchNative.ClampGradients(values, _values.Length, limit, error, TorchNative.ErrorSize), error);
        }
        GC.KeepAlive(_tensors);
    }

    /// <summary>Moves the first moments towards the values: <c>first = decay·first + (1 − decay)·value</c>.</summary>
    /// <param name="decay">From 0 to less than 1.</param>
    /// <exception cref="ArgumentException">The set has no first moments.</exception>
    public void Average(double decay)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (NativeParameter* parameters = _parameters)
        {
            TorchNative.Check(TorchNative.Average(parameters, _parameters.Length, decay, error, TorchNative.ErrorSize), error);
        }
        GC.KeepAlive(_tensors);
    }

    /// <summary>Forgets all gradients and frees their memory.</summary>
    public void ClearGradients()
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (nint* values = _values)
        {
            TorchNative.Check(TorchNative.ClearGradients(values, _values.Length, error, TorchNative.ErrorSize), error);
        }
        GC.KeepAlive(_tensors);
    }

    /// <summary>
    /// Stochastic gradient descent: <c>g += decay·p; b = momentum·b + g; p -= rate·b</c>, or <c>p -= rate·(g + momentum·b)</c>
    /// with Nesterov. Parameters without a gradient stay.
    /// </summary>
    /// <param name="step">Counts from 1; the momentum of step 1 is the gradient.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="momentum">0 for none; otherwise the set needs first moments.</param>
    /// <param name="nesterov">Looks one step ahead.</param>
    /// <param name="weightDecay">The decay, as an L2 penalty.</param>
    /// <exception cref="ArgumentException">Moments are missing or do not fit.</exception>
    public void StepSgd(long step, double learningRate, double momentum, bool nesterov, double weightDecay)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (NativeParameter* parameters = _parameters)
        {
            TorchNative.Check(
                TorchNative.SgdStep(parameters, _parameters.Length, step, learningRate, momentum, nesterov ? 1 : 0, weightDecay, error, TorchNative.ErrorSize),
                error);
        }
        GC.KeepAlive(_tensors);
    }

    /// <summary>
    /// Adam (Kingma and Ba 2015), or with decoupled decay AdamW (Loshchilov and Hutter 2019):
    /// <c>p -= rate · m̂ / (√v̂ + ε)</c> with bias-corrected moments. Parameters without a gradient stay.
    /// </summary>
    /// <param name="step">Counts from 1.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="beta1">Decay of the first moment.</param>
    /// <param name="beta2">Decay of the second moment.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="weightDecay">The decay.</param>
    /// <param name="decoupled">AdamW: shrinks the parameter itself rather than adding to its gradient.</param>
    /// <exception cref="ArgumentException">Moments are missing or do not fit, or the step is less than 1.</exception>
    public void StepAdam(long step, double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool decoupled)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (NativeParameter* parameters = _parameters)
        {
            TorchNative.Check(
                TorchNative.AdamStep(
                    parameters, _parameters.Length, step, learningRate, beta1, beta2, epsilon, weightDecay, decoupled ? 1 : 0, error, TorchNative.ErrorSize),
                error);
        }
        GC.KeepAlive(_tensors);
    }

    /// <summary>
    /// RMSprop (Tieleman and Hinton 2012): <c>v = smoothing·v + (1 − smoothing)·g²; b = momentum·b + g / (√v + ε); p -= rate·b</c>.
    /// Parameters without a gradient stay. The set needs second moments, and first ones where there is momentum.
    /// </summary>
    /// <param name="learningRate">The rate.</param>
    /// <param name="smoothing">Decay of the mean of squared gradients.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="momentum">0 for none.</param>
    /// <param name="weightDecay">The decay, as an L2 penalty.</param>
    /// <exception cref="ArgumentException">Moments are missing or do not fit.</exception>
    public void StepRmsProp(double learningRate, double smoothing, double epsilon, double momentum, double weightDecay)
    {
        byte* error = stackalloc byte[TorchNative.ErrorSize];
        fixed (NativeParameter* parameters = _parameters)
        {
            TorchNative.Check(
                TorchNative.RmsPropStep(parameters, _parameters.Length, learningRate, smoothing, epsilon, momentum, weightDecay, error, TorchNative.ErrorSize),
                error);
        }
        GC.KeepAlive(_tensors);
    }
}
