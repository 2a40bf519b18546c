using Edge.Scenes;
using Edge.Testing;

namespace Edge.Inference.Tests.Tracking;

public sealed class ByteTrackerTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1.0 / 15);

    [Fact]
    public void Update_MovingObject_KeepsItsNumber()
    {
        var tracker = new ByteTracker(new TrackerOptions());
        for (int frame = 0; frame < 50; frame++)
        {
            ReadOnlySpan<Track> tracks = tracker.Update([At(100 + (8 * frame), 50)], frame * Interval);
            Assert.Equal(frame == 0 ? 0 : 1, tracks.Length);
            if (frame > 0)
            {
                Assert.Equal((1, TrackState.Tracked, frame + 1L), (tracks[0].Id, tracks[0].State, tracks[0].Hits));
                Assert.True(Box.Overlap(tracks[0].Box, At(100 + (8 * frame), 50).Box) > 0.8);
            }
        }
    }

    [Fact]
    public void Update_HiddenForASecond_IsTheSameObjectAfterwards()
    {
        var tracker = new ByteTracker(new TrackerOptions());
        for (int frame = 0; frame < 60; frame++)
        {
            bool isHidden = frame is >= 20 and < 35;
            ReadOnlySpan<Track> tracks = tracker.Update(isHidden ? [] : [At(100 + (6 * frame), 50)], frame * Interval);
            if (frame > 0)
            {
                Assert.Equal((1L, isHidden ? TrackState.Lost : TrackState.Tracked), (tracks[0].Id, tracks[0].State));
            }
        }
    }

    [Fact]
    public void Update_GoneForLong_EndsOnce()
    {
        var tracker = new ByteTracker(new TrackerOptions { LostFor = TimeSpan.FromSeconds(1) });
        tracker.Update([At(100, 50)], TimeSpan.Zero);
        tracker.Update([At(100, 50)], Interval);
        int ended = 0;
        for (int frame = 2; frame < 40; frame++)
        {
            foreach (Track track in tracker.Update([], frame * Interval))
            {
                ended += track.State == TrackState.Ended ? 1 : 0;
            }
        }
        Assert.Equal(1, ended);
        Assert.Equal(0, tracker.Update([], 40 * Interval).Length);
        tracker.Update([At(100, 50)], 41 * Interval);
        Assert.Equal(2, tracker.Update([At(100, 50)], 42 * Interval)[0].Id);
    }

    [Fact]
    public void Update_LowScore_KeepsATrackButStartsNone()
    {
        var tracker = new ByteTracker(new TrackerOptions());
        for (int frame = 0; frame < 10; frame++)
        {
            Assert.Equal(0, tracker.Update([At(300, 50, score: 0.3f)], frame * Interval).Length);
        }
        for (int frame = 10; frame < 20; frame++)
        {
            tracker.Update([At(300, 50, score: frame < 13 ? 0.9f : 0.3f)], frame * Interval);
        }
        Track track = tracker.Update([At(300, 50, score: 0.3f)], 20 * Interval)[0];
        Assert.Equal((1L, TrackState.Tracked), (track.Id, track.State));
    }

    [Fact]
    public void Update_OtherClass_IsAnotherObject()
    {
        var tracker = new ByteTracker(new TrackerOptions());
        tracker.Update([At(100, 50)], TimeSpan.Zero);
        tracker.Update([At(100, 50)], Interval);
        tracker.Update([At(100, 50, classNumber: 3)], 2 * Interval);
        ReadOnlySpan<Track> tracks = tracker.Update([At(100, 50, classNumber: 3)], 3 * Interval);
        Assert.Equal([(1L, 0, TrackState.Lost), (2L, 3, TrackState.Tracked)], tracks.ToArray().Select(t => (t.Id, t.Class, t.State)));
    }

    [Fact]
    public void Update_BoxesThatAreNone_ArePassedOver()
    {
        var tracker = new ByteTracker(new TrackerOptions());
        Detection[] rubbish =
        [
            new(float.NaN, 0, 10, 10, 0, 0.9f), new(0, 0, float.PositiveInfinity, 10, 0, 0.9f),
            new(10, 10, 5, 5, 0, 0.9f), new(0, 0, 0, 0, 0, 0.9f), new(0, 0, 10, 10, 0, float.NaN),
        ];
        for (int frame = 0; frame < 3; frame++)
        {
            Assert.Equal(0, tracker.Update(rubbish, frame * Interval).Length);
        }
    }

    [Fact]
    public void Update_MoreObjectsThanTracks_KeepsTheSurest()
    {
        var tracker = new ByteTracker(new TrackerOptions { MaximumTracks = 3 });
        Detection[] many = [.. Enumerable.Range(0, 10).Select(i => At(i * 100, 50, score: 0.61f + (0.03f * i)))];
        tracker.Update(many, TimeSpan.Zero);
        ReadOnlySpan<Track> tracks = tracker.Update(many, Interval);
        Assert.Equal([900f, 800f, 700f], tracks.ToArray().Select(t => t.DetectedBox.Left));
    }

    [Fact]
    public void Update_SameFrames_GiveTheSameTracks()
    {
        IReadOnlyList<SceneFrame> frames = GeneratedScene.Make(new GeneratedSceneOptions());
        var one = new ByteTracker(new TrackerOptions());
        var other = new ByteTracker(new TrackerOptions());
        foreach (SceneFrame frame in frames)
        {
            Detection[] detections = [.. frame.Detections];
            Assert.Equal(
                one.Update(detections, frame.Time).ToArray().Select(t => (t.Id, t.Box)),
                other.Update(detections, frame.Time).ToArray().Select(t => (t.Id, t.Box)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Update_CrossingsAndDropOuts_IsBetterThanOverlapAlone(ulong seed)
    {
        var tracker = new ByteTracker(new TrackerOptions());
        var overlap = new OverlapTracker();
        var ours = new TrackingScore();
        var plain = new TrackingScore();
        foreach (SceneFrame frame in GeneratedScene.Make(new GeneratedSceneOptions { Seed = seed }))
        {
            Track[] tracks = tracker.Update([.. frame.Detections], frame.Time).ToArray();
            ours.Add(frame.Truth, [.. tracks.Where(t => t.State == TrackState.Tracked).Select(t => new TrackedBox(t.Id, t.Box))]);
            plain.Add(frame.Truth, overlap.Update(frame.Detections));
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"ByteTracker MOTA {ours.Mota:F3} IDF1 {ours.Idf1:F3} switches {ours.IdSwitches}; overlap {plain.Mota:F3} {plain.Idf1:F3} {plain.IdSwitches}");
        Assert.True(ours.Mota > plain.Mota && ours.Idf1 > plain.Idf1 + 0.2 && ours.IdSwitches * 5 < plain.IdSwitches);
        Assert.True(ours.Mota > 0.8 && ours.Idf1 > 0.85);
    }

    [Fact]
    public void Update_AfterWarmUp_AllocatesNothing()
    {
        var tracker = new ByteTracker(new TrackerOptions());
        Detection[][] frames = [.. GeneratedScene.Make(new GeneratedSceneOptions { Objects = 50, Frames = 100 }).Select(f => f.Detections.ToArray())];
        int next = 0;
        foreach (Detection[] frame in frames)
        {
            tracker.Update(frame, next++ * Interval);
        }
        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (Detection[] frame in frames)
            {
                tracker.Update(frame, next++ * Interval);
            }
        }));
    }

    [Fact]
    public void Create_OptionOutOfRange_SaysWhich()
    {
        Assert.Contains("highScore", Assert.Throws<InferenceException>(() => new ByteTracker(new TrackerOptions { HighScore = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("lostFor", Assert.Throws<InferenceException>(() => new ByteTracker(new TrackerOptions { LostFor = -Interval })).Message, StringComparison.Ordinal);
    }

    private static Detection At(float x, float y, int classNumber = 0, float score = 0.9f) => new(x, y, x + 40, y + 90, classNumber, score);
}
