using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Training;

/// <summary>What a <see cref="TrainingLoop"/> asks of whoever learns.</summary>
internal interface ILearner
{
    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="number">The batch's number since the very beginning, from which its random numbers follow.</param>
    /// <param name="moves">Whether the weights move now.</param>
    /// <param name="factor">What the schedule makes of the learning rate.</param>
    /// <returns>The loss, and how many samples were right.</returns>
    (float Loss, int Correct) Learn(Batch batch, long number, bool moves, double factor);

    /// <summary>Judges the weights at an epoch's end, and keeps those that have a smaller loss than any before.</summary>
    /// <param name="best">The least validation loss so far; null before the first.</param>
    /// <returns>Null where there is nothing to judge with.</returns>
    Judgement? Judge(double? best);

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">Where.</param>
    /// <param name="state">Where training stands.</param>
    void Save(string path, CheckpointState state);
}
