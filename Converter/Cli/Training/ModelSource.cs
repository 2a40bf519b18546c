using Edge.Cli.Terminal;
using Edge.Graph;
using Edge.Training;
using Edge.Training.Data;
using Edge.Training.FineTuning;
using Edge.Training.Optimizers;
using Edge.Training.Recipes;

namespace Edge.Cli.Training;

/// <summary>Gets the model of a recipe: from the zoo, or somebody's ONNX file made fit for the data.</summary>
internal static class ModelSource
{
    /// <summary>Whether a recipe's model is a file.</summary>
    internal static bool IsFile(string name) => name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || File.Exists(name);

    /// <summary>The model with initial weights, or with those that it was saved with.</summary>
    internal static OnnxModel Build(Recipe recipe, TrainingData data)
    {
        if (!IsFile(recipe.Model))
        {
            return ZooModels.Build(recipe.Model, recipe.ModelKeys, data.Train, data.Vocabulary?.Count, recipe.Seed);
        }
        OnnxModel model = Load(recipe.Model);
        Checkpoint.Strip(model);
        FreeBatch.Apply(model);
        RecipeFineTuning tuning = recipe.FineTuning;
        if (recipe.Task == RecipeTask.Detect && tuning.ReplaceHead != false)
        {
            ReplaceBoxHead(model, recipe, data.Train.ClassNames.Count);
            return model;
        }
        int classes = data.Train.TargetKind == TargetKind.Class && recipe.Task == RecipeTask.Classify ? data.Train.ClassNames.Count : 0;
        if (classes == 0 || tuning.ReplaceHead == false)
        {
            return model;
        }
        ModelHead? head = tuning.ReplaceHead == true ? ModelHead.Find(model, recipe.Model) : TryFind(model, recipe.Model);
        if (head is not null && (tuning.ReplaceHead == true || head.Classes != classes))
        {
            Screen.Note($"{recipe.Model}: its last layer ({head.Weights[0]}) told {head.Classes} classes apart; it begins anew with {classes}");
            head.Replace(model, classes, recipe.Seed);
        }
        return model;
    }

    /// <summary>Reads and checks a model.</summary>
    internal static OnnxModel Load(string path)
    {
        OnnxModel model = OnnxModel.Load(path);
        ModelVerifier.ThrowIfInvalid(model, path);
        return model;
    }

    /// <summary>The options with which weights change, and how fast.</summary>
    internal static TrainerOptions Tune(TrainerOptions options, Recipe recipe, OnnxModel model)
    {
        RecipeFineTuning tuning = recipe.FineTuning;
        HashSet<string> head = !tuning.HeadOnly && tuning.BodyRate == 1 ? []
            : [.. recipe.Task == RecipeTask.Detect ? BoxHead.Find(model, recipe.Model).Weights : ModelHead.Find(model, recipe.Model).Weights];
        bool isTrainable(string name) =>
            (!tuning.HeadOnly || head.Contains(name))
            && (tuning.Train.Count == 0 || tuning.Train.Any(pattern => ParameterGroup.Fits(pattern, name)))
            && !tuning.Freeze.Any(pattern => ParameterGroup.Fits(pattern, name));
        foreach (string pattern in tuning.Train.Concat(tuning.Freeze))
        {
            if (!model.Graph.Initializers.Any(value => ParameterGroup.Fits(pattern, value.Name)))
            {
                throw new TrainingException($"{recipe.PlaceOf("finetune.train")}: no weight of {recipe.Model} fits '{pattern}'; edge inspect lists them");
            }
        }
        return options with
        {
            IsTrainable = isTrainable,
            FreezesStatistics = tuning.FreezeBatchNorm ? _ => true : null,
            Optimizer = tuning.BodyRate == 1
                ? options.Optimizer
                : options.Optimizer with { Groups = [.. options.Optimizer.Groups, .. head.Select(name => new ParameterGroup(name)), new ParameterGroup("*", tuning.BodyRate)] },
            Distillation = recipe.Teacher is null ? null : new DistillationOptions { Teacher = Teacher(recipe.Teacher), Temperature = recipe.Temperature, Weight = recipe.TeacherWeight },
        };
    }

    private static void ReplaceBoxHead(OnnxModel model, Recipe recipe, int classes)
    {
        // One whose output is another is refused by the loss, which says what it needs.
        if (model.Graph.Outputs is not [{ Shape: { Rank: 3 } shape }, ..] || (shape[2].Size == classes + 5 && recipe.FineTuning.ReplaceHead != true))
        {
            return;
        }
        var head = BoxHead.Find(model, recipe.Model);
        Screen.Note($"{recipe.Model}: its layers for classes ({string.Join(", ", head.Weights.Take(2))}, …) told {head.Classes} apart; they begin anew with {classes}");
        head.Replace(model, classes, recipe.Seed);
    }

    private static OnnxModel Teacher(string path)
    {
        OnnxModel model = Load(path);
        FreeBatch.Apply(model);
        return model;
    }

    // A model without a head that can be found is trained as it is; the trainer says if its output does not fit.
    private static ModelHead? TryFind(OnnxModel model, string source)
    {
        try
        {
            return ModelHead.Find(model, source);
        }
        catch (TrainingException)
        {
            return null;
        }
    }
}
