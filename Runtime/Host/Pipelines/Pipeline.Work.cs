using System.Diagnostics;
using Edge.Imaging;
using Edge.Inference;
using Edge.Runtime.Configuration;
using Edge.Runtime.Models;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sources;
using Edge.Runtime.Updates;

namespace Edge.Runtime.Pipelines;

/// <content>What the workers do: take a frame, look at it, hand its result on.</content>
internal sealed partial class Pipeline
{
    /// <summary>So many undecodable frames in a row from a stream mean that it is out of step: it is opened again.</summary>
    private const int RubbishInARow = 10;

    private int _rubbish;

    private void Run(Worker worker)
    {
        FirstMeeting.OfThisThread(_ring.Gate);
        while (Take(worker) is { } slot)
        {
            if (slot.Model is { } model && slot.HasResult)
            {
                Look(worker, slot, model);
                if (_comparison is { } comparison && slot.HasResult && model.Sensors is null)
                {
                    Compare(worker, slot, comparison);
                }
            }
            worker.Pulse.Enter("publish");
            _ring.HandOn(slot, _outlet);
            worker.Pulse.Leave();
            worker.Allocations.Count();
        }
        worker.Pulse.Leave();
        Volatile.Write(ref _ended, true);
        _door.Close();
        if (Interlocked.Decrement(ref _running) == 0)
        {
            lock (_ring.Gate)
            {
                _outlet.End();
            }
            Stats.End();
            Volatile.Write(ref _isThrough, true);
            Ended?.Invoke();
        }
    }

    /// <summary>Takes the next frame into the next slot.</summary>
    /// <returns>The slot; null at the end.</returns>
    private Slot? Take(Worker worker)
    {
        lock (_intake)
        {
            Slot slot = _ring.WaitForFree();
            if (!_door.Wait())
            {
                return null;
            }
            slot.HasResult = true;
            try
            {
                if (!_feed.Take(slot, worker.Pulse) || _stopping)
                {
                    _door.Close();
                    Volatile.Write(ref _ended, true);
                    return null;
                }
            }
            catch (ImageException e)
            {
                Spoilt(worker, slot, e);
            }
            _ring.Begin(slot);
            slot.Model = _door.Enter();
            return slot;
        }
    }

    private void Look(Worker worker, Slot slot, PipelineModel model)
    {
        worker.Pulse.Enter("decode and infer");
        try
        {
            if (model.Sensors is { } sensors)
            {
                slot.HasResult = sensors.Look(slot.Frame, (float)(Threshold ?? model.Threshold), slot.Result);
                Triggers?.OnReading(Name, sensors.Columns, sensors.Readings);
                return;
            }
            float threshold = model.Use(worker.Index, Threshold);
            long begun = Stopwatch.GetTimestamp();
            model.Keep(See(model.Runner(worker.Index), slot.Frame), begun, threshold, slot.Result);
            Volatile.Write(ref _rubbish, 0);
        }
        catch (ImageException e)
        {
            Spoilt(worker, slot, e);
        }
        catch (Exception e)
        {
            slot.HasResult = false;
            Stats.CountModelFailure(Log.OneLine(Failure.Describe(e)));
            if (Quarantine.Note())
            {
                Log.Error($"pipeline {Name}: the model failed {Config.Quarantine.Failures} times within {Config.Quarantine.WindowSeconds} s and is left alone for a while: {Failure.Describe(e)}");
            }
            else
            {
                Stats.LogSpoilt($"pipeline {Name}: the model failed: {Failure.Describe(e)}");
            }
            worker.Allocations.Skip();
        }
    }

    // A method of its own: what a lambda captures is allocated wherever it is declared.
    private void Compare(Worker worker, Slot slot, LiveComparison comparison)
    {
        comparison.Look(slot.Result, runner => See(runner, slot.Frame));
        worker.Allocations.Skip();
    }

    private VisionResult See(VisionRunner runner, Frame frame)
    {
        if (frame.Format is not null)
        {
            return runner.Run(frame.Pixels);
        }
        if (Config.Source.Type is SourceConfig.Folder or SourceConfig.Images)
        {
            ImageFormats.CheckName(frame.Label, frame.Bytes);
        }
        return runner.Run(frame.Bytes, frame.Label);
    }

    /// <summary>The frame is no image.</summary>
    private void Spoilt(Worker worker, Slot slot, ImageException e)
    {
        slot.HasResult = false;
        Stats.CountSpoilt();
        Stats.LogSpoilt($"pipeline {Name}: skipped: {e.Message}");
        if (Config.Source.Type is not (SourceConfig.Folder or SourceConfig.Images) && Interlocked.Increment(ref _rubbish) >= RubbishInARow)
        {
            Volatile.Write(ref _rubbish, 0);
            _feed.Source.Reject($"{RubbishInARow} frames in a row are no images: {e.Message}");
        }
        worker.Allocations.Skip();
    }
}
