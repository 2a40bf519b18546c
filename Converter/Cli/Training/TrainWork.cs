using Edge.Cli.Models;
using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Torch;
using Edge.Training;
using Edge.Training.Metrics;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>Trains what a recipe says and writes the model, with checkpoints on the way.</summary>
internal static class TrainWork
{
    /// <summary>Trains until done or cancelled; a checkpoint stands beside the model until it is done.</summary>
    internal static TrainOutcome Run(TrainJob job, CancellationToken cancellation)
    {
        Recipe recipe = job.Recipe;
        Device device = SelectDevice(recipe);
        Precision precision = PrecisionSupport.Select(recipe.Precision, device, out string? half);
        if (half is not null)
        {
            Screen.Note(half);
        }
        TrainerOptions options = recipe.Options() with { Device = device, Precision = precision, Profile = job.Profiles };
        if (recipe.Task == RecipeTask.Gan)
        {
            return GanWork.Run(job, options with { CheckpointPath = job.CheckpointPath }, TrainingDataLoader.Load(recipe, options), cancellation);
        }
        return options.Folds > 0 ? CrossValidate(job, options, cancellation) : TrainOne(job, options with { CheckpointPath = job.CheckpointPath }, cancellation);
    }

    /// <summary>The figure that a recipe is measured by.</summary>
    internal static double? Score(Recipe recipe, TrainOutcome outcome) => outcome.Metrics.TryGetValue(recipe.Goal.Metric, out double value) ? value : null;

    /// <summary>Whether training goes on from a checkpoint; says so where one was asked for and there is none.</summary>
    internal static bool FindsCheckpoint(TrainJob job)
    {
        bool isThere = File.Exists(job.CheckpointPath);
        if (job.Resumes && !isThere)
        {
            Screen.Note($"no checkpoint {job.CheckpointPath}: training begins anew");
        }
        return job.Resumes && isThere;
    }

    /// <summary>Says how many epochs a checkpoint has behind it.</summary>
    internal static void SayWhatIsDone(TrainJob job, IReadOnlyList<EpochRecord> history)
    {
        if (job.Resumes && File.Exists(job.CheckpointPath))
        {
            Screen.Note($"goes on from {job.CheckpointPath}: {history.Count} epochs are done");
        }
    }

    private static Device SelectDevice(Recipe recipe)
    {
        try
        {
            Device device = Device.Select(recipe.Device, out string? fallback);
            if (fallback is not null)
            {
                Screen.Note(fallback);
            }
            return device;
        }
        catch (ArgumentException e)
        {
            throw new TrainingException($"{recipe.PlaceOf("device")}: {e.Message.Split(" (Parameter")[0]}", e);
        }
    }

    private static TrainerOptions Balance(TrainerOptions options, Recipe recipe, TrainingData data)
    {
        if (!recipe.IsBalanced)
        {
            return options;
        }
        long[] counts = new long[data.Train.ClassNames.Count];
        for (int index = 0; index < data.Train.Count; index++)
        {
            counts[data.Train.ClassOf(index)]++;
        }
        return options with { Loss = options.Loss with { ClassWeights = [.. counts.Select(count => (double)data.Train.Count / counts.Length / Math.Max(1, count))] } };
    }

    private static TrainOutcome CrossValidate(TrainJob job, TrainerOptions options, CancellationToken cancellation)
    {
        if (job.Resumes)
        {
            throw new TrainingException($"{job.Recipe.Name}: cross-validation does not go on from a checkpoint; train anew, or without data.folds");
        }
        var figures = new List<double>();
        TrainOutcome? best = null;
        for (int fold = 0; fold < options.Folds; fold++)
        {
            Screen.Note($"fold {fold + 1} of {options.Folds}");
            TrainOutcome outcome = TrainOne(job, options with { Fold = fold }, cancellation, beats: best);
            if (outcome.Result.Reason == StopReason.Cancelled)
            {
                return outcome;
            }
            EpochRecord last = outcome.Result.History[(outcome.Result.BestEpoch ?? outcome.Result.History.Count) - 1];
            figures.Add(last.ValidationAccuracy ?? last.ValidationLoss!.Value);
            best = best is null || IsBetter(outcome, best) ? outcome : best;
        }
        return best! with { Folds = figures };
    }

    private static bool IsBetter(TrainOutcome one, TrainOutcome other) =>
        one.Result.History[^1].ValidationLoss < other.Result.History[^1].ValidationLoss;

    private static TrainOutcome TrainOne(TrainJob job, TrainerOptions options, CancellationToken cancellation, TrainOutcome? beats = null)
    {
        Recipe recipe = job.Recipe;
        bool resumes = FindsCheckpoint(job);
        TrainingData data = TrainingDataLoader.Load(recipe, options);
        OnnxModel model = ModelSource.Build(recipe, data);
        TrainerOptions tuned = ModelSource.Tune(Balance(options, recipe, data), recipe, model) with { Mixing = data.Mixing };
        using Trainer trainer = resumes ? Trainer.Resume(job.CheckpointPath, data.Split, tuned) : new Trainer(model, data.Split, tuned);
        SayWhatIsDone(job, trainer.History);
        var view = new TrainingView(() => trainer.History) { IsQuiet = job.IsQuiet };
        TrainingResult result = trainer.Run(view, cancellation);
        view.Finish();
        if (result.Reason == StopReason.Cancelled)
        {
            return new TrainOutcome(trainer.Model, null, result, data, view.Curves);
        }
        Judgement test = trainer.Evaluate(data.Test, cancellation);
        Dictionary<string, double> metrics = ModelScores.Of(test);
        if (recipe.Task == RecipeTask.Autoencode && data.Normal.Count > 0)
        {
            metrics["auc"] = ModelScores.AnomalyAuc(trainer, data, cancellation);
        }
        if (recipe.Task == RecipeTask.Autoencode && data.Columns.Count > 0)
        {
            metrics[Provenance.AnomalyThreshold] = ModelScores.AnomalyThreshold(trainer, data, cancellation);
        }
        ModelCard? card = Provenance.Card(recipe, data, trainer.TrainingSamples, result, metrics);
        var outcome = new TrainOutcome(trainer.Model, card, result, data, view.Curves) { Test = test, Metrics = metrics };
        if (beats is null || IsBetter(outcome, beats))
        {
            Provenance.Write(trainer.Model, card, recipe, data);
            Provenance.Signal(recipe, data, trainer.TrainingSamples, result, metrics)?.Write(trainer.Model);
            trainer.Model.Save(job.OutputPath);
        }
        File.Delete(job.CheckpointPath);
        return outcome;
    }
}
