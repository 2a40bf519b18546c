using Edge.Scenes;
using Edge.Testing;

namespace Edge.Inference.Tests.Scene;

public sealed class SceneMonitorTests
{
    private const int Size = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.1);

    private static readonly ScenePoint[] MiddleThird = [new(0.33f, 0), new(0.66f, 0), new(0.66f, 1), new(0.33f, 1)];

    [Fact]
    public void Update_WalkThroughAZone_StartsEntersLeavesEnds()
    {
        var options = new SceneOptions { Zones = [new ZoneOptions { Name = "door", Points = MiddleThird }], UpdateEvery = TimeSpan.Zero };
        List<SceneEvent> events = Walk(options, frame => 50 + (10 * frame), 80, out SceneMonitor monitor);
        Assert.Equal([SceneEventKind.Start, SceneEventKind.ZoneEnter, SceneEventKind.ZoneLeave, SceneEventKind.End], events.Select(e => e.Kind));
        Assert.All(events, e => Assert.Equal(1, e.Object.Id));
        // From x = 330 to x = 660 at 100 pixels a second.
        Assert.Equal(3.3, events[2].Dwell.TotalSeconds, 0.15);
        Assert.Equal(7.9, events[3].Dwell.TotalSeconds, 0.05);
        Assert.Equal((0, 0), (monitor.CountInZone(0), monitor.Count()));
    }

    [Fact]
    public void Update_ShortVisit_IsNoneWithDebounce()
    {
        var zone = new ZoneOptions { Name = "door", Points = MiddleThird, EnterAfter = TimeSpan.FromSeconds(1), LeaveAfter = TimeSpan.FromSeconds(1) };
        var options = new SceneOptions { Zones = [zone], UpdateEvery = TimeSpan.Zero };
        // In for 0.5 s of each second, then in for good, then out for 0.5 s at a time.
        List<SceneEvent> events = Walk(options, frame => frame < 60 ? (frame % 10 < 5 ? 335 : 325) : frame < 100 ? 335 : frame % 10 < 5 ? 335 : 325, 150, out _);
        Assert.Equal([SceneEventKind.Start, SceneEventKind.ZoneEnter, SceneEventKind.ZoneLeave, SceneEventKind.End], Without(events, SceneEventKind.Stationary));
    }

    [Fact]
    public void Update_StaysInAZone_LoitersOnceAndIsStationary()
    {
        var zone = new ZoneOptions { Name = "door", Points = MiddleThird, LoiterAfter = TimeSpan.FromSeconds(2) };
        var options = new SceneOptions { Zones = [zone], StationaryAfter = TimeSpan.FromSeconds(5), UpdateEvery = TimeSpan.Zero };
        List<SceneEvent> events = Walk(options, frame => frame < 100 ? 500 : 500 + (10 * (frame - 100)), 120, out _);
        Assert.Equal(
            [SceneEventKind.Start, SceneEventKind.ZoneEnter, SceneEventKind.Loiter, SceneEventKind.Stationary, SceneEventKind.Moving, SceneEventKind.ZoneLeave, SceneEventKind.End],
            events.Select(e => e.Kind));
        Assert.Equal(2.0, events[2].Dwell.TotalSeconds, 0.15);
        Assert.True(events[3].Object.IsStationary && !events[4].Object.IsStationary);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Update_CrossesALine_IsCountedByDirection(int direction)
    {
        // From bottom to top: its right side is to the right in the picture.
        var line = new LineOptions { Name = "gate", From = new ScenePoint(0.5f, 1), To = new ScenePoint(0.5f, 0) };
        var options = new SceneOptions { Lines = [line], UpdateEvery = TimeSpan.Zero };
        List<SceneEvent> events = Walk(options, frame => 500 + (direction * 10 * (frame - 20)), 40, out SceneMonitor monitor);
        Assert.Equal([(0, direction)], events.Where(e => e.Kind == SceneEventKind.LineCross).Select(e => (e.Place, e.Direction)));
        Assert.Equal((1, 0), (monitor.Crossings(0, direction), monitor.Crossings(0, -direction)));
    }

    [Fact]
    public void Update_PassesBesideALine_IsNotCounted()
    {
        var line = new LineOptions { Name = "gate", From = new ScenePoint(0.5f, 0.1f), To = new ScenePoint(0.5f, 0) };
        List<SceneEvent> events = Walk(new SceneOptions { Lines = [line] }, frame => 300 + (10 * frame), 40, out _);
        Assert.DoesNotContain(events, e => e.Kind == SceneEventKind.LineCross);
    }

    [Fact]
    public void Update_FilteredObject_IsNeverTold()
    {
        Assert.Empty(Walk(new SceneOptions { Filters = [new ObjectFilter { Classes = [7] }] }, frame => 300, 20, out _));
        Assert.Empty(Walk(new SceneOptions { Filters = [new ObjectFilter { MinimumArea = 0.5f }] }, frame => 300, 20, out _));
        Assert.Empty(Walk(new SceneOptions { Filters = [new ObjectFilter { MinimumScore = 0.95f }] }, frame => 300, 20, out _));
    }

    [Fact]
    public void Update_ManyFrames_UpdatesAtIntervalsAndThinsThePath()
    {
        var options = new SceneOptions { UpdateEvery = TimeSpan.FromSeconds(2), PathPoints = 8 };
        var tracker = new ByteTracker(new TrackerOptions { FrameInterval = Interval });
        var monitor = new SceneMonitor(options, 200);
        int updates = 0;
        for (int frame = 0; frame < 90; frame++)
        {
            foreach (SceneEvent e in monitor.Update(tracker.Update([At(50 + (10 * frame))], frame * Interval), Size, Size, frame * Interval))
            {
                updates += e.Kind == SceneEventKind.Update ? 1 : 0;
                ScenePoint[] path = monitor.Path(e.Object.Slot).ToArray();
                Assert.InRange(path.Length, 0, 8);
                Assert.Equal(path.OrderBy(p => p.X), path);
            }
        }
        Assert.Equal(4, updates);
    }

    [Fact]
    public void Contains_Polygons_AgreeWithGeometry()
    {
        var square = new ZoneOptions { Name = "z", Points = [new(0, 0), new(1, 0), new(1, 1), new(0, 1)] };
        var arrow = new ZoneOptions { Name = "z", Points = [new(0, 0), new(1, 0.5f), new(0, 1), new(0.4f, 0.5f)] };
        Assert.True(square.Contains(new(0.5f, 0.5f)));
        Assert.False(square.Contains(new(1.5f, 0.5f)));
        Assert.False(square.Contains(new(0.5f, -0.1f)));
        Assert.True(arrow.Contains(new(0.5f, 0.5f)));
        Assert.False(arrow.Contains(new(0.2f, 0.5f)));
        Assert.False(square.Contains(new(float.NaN, 0.5f)));
    }

    [Fact]
    public void Contains_TwoZonesThatShareAnEdge_EachPointIsInExactlyOne()
    {
        var left = new ZoneOptions { Name = "left", Points = [new(0, 0), new(0.5f, 0), new(0.5f, 1), new(0, 1)] };
        var right = new ZoneOptions { Name = "right", Points = [new(0.5f, 0), new(1, 0), new(1, 1), new(0.5f, 1)] };
        for (int i = 1; i < 100; i++)
        {
            var point = new ScenePoint(0.5f, i / 100f);
            Assert.NotEqual(left.Contains(point), right.Contains(point));
        }
    }

    [Fact]
    public void Create_OptionOutOfRange_SaysWhich()
    {
        Says("zones['a'].points", new SceneOptions { Zones = [new ZoneOptions { Name = "a", Points = [new(0, 0), new(1, 1)] }] });
        Says("zones['a'].points", new SceneOptions { Zones = [new ZoneOptions { Name = "a", Points = [new(0, 0), new(1, 1), new(float.NaN, 3)] }] });
        Says("lines['b'].to", new SceneOptions { Lines = [new LineOptions { Name = "b", From = new(0, 0), To = new(0, 0) }] });
        Says("name of another", new SceneOptions { Zones = [new ZoneOptions { Name = "a", Points = MiddleThird }, new ZoneOptions { Name = "a", Points = MiddleThird }] });
        Says("pathPoints", new SceneOptions { PathPoints = 1 });

        static void Says(string what, SceneOptions options) =>
            Assert.Contains(what, Assert.Throws<InferenceException>(() => new SceneMonitor(options, 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_CrowdedScene_EveryStartHasItsEndAndNothingIsAllocated()
    {
        var options = new SceneOptions
        {
            Zones = [new ZoneOptions { Name = "door", Points = MiddleThird }],
            Lines = [new LineOptions { Name = "gate", From = new(0.5f, 1), To = new(0.5f, 0) }],
            UpdateEvery = TimeSpan.FromSeconds(1),
        };
        var tracker = new ByteTracker(new TrackerOptions());
        var monitor = new SceneMonitor(options, 200);
        Detection[][] frames = [.. GeneratedScene.Make(new GeneratedSceneOptions { Objects = 40, Frames = 150 }).Select(f => f.Detections.ToArray())];
        int next = 0;
        var balance = new Dictionary<long, int>();
        int inZone = 0;
        long left = 0;
        void Run(bool isCounting)
        {
            foreach (Detection[] frame in frames)
            {
                TimeSpan time = next++ / 15.0 * TimeSpan.FromSeconds(1);
                ReadOnlySpan<SceneEvent> events = monitor.Update(tracker.Update(frame, time), Size, Size, time);
                if (!isCounting)
                {
                    continue;
                }
                foreach (SceneEvent e in events)
                {
                    inZone += e.Kind == SceneEventKind.ZoneEnter ? 1 : e.Kind == SceneEventKind.ZoneLeave ? -1 : 0;
                    left += e.Kind == SceneEventKind.LineCross && e.Direction < 0 ? 1 : 0;
                    balance[e.Object.Id] = balance.GetValueOrDefault(e.Object.Id)
                        + (e.Kind == SceneEventKind.Start ? 1 : e.Kind == SceneEventKind.End ? -1 : 0);
                }
            }
        }
        Run(isCounting: true);
        Assert.Equal(monitor.Count(), balance.Values.Sum());
        Assert.All(balance.Values, b => Assert.InRange(b, 0, 1));
        Assert.Equal(monitor.CountInZone(0), inZone);
        Assert.Equal(monitor.Crossings(0, -1), left);
        Run(isCounting: false);
        Assert.Equal(0, Allocations.Of(() => Run(isCounting: false)));
    }

    private static List<SceneEvent> Walk(SceneOptions options, Func<int, float> x, int frames, out SceneMonitor monitor)
    {
        var tracker = new ByteTracker(new TrackerOptions { FrameInterval = Interval, LostFor = TimeSpan.FromSeconds(1) });
        monitor = new SceneMonitor(options, 200);
        var events = new List<SceneEvent>();
        for (int frame = 0; frame < frames + 20; frame++)
        {
            ReadOnlySpan<Detection> detections = frame < frames ? [At(x(frame))] : [];
            events.AddRange(monitor.Update(tracker.Update(detections, frame * Interval), Size, Size, frame * Interval));
        }
        return events;
    }

    private static SceneEventKind[] Without(List<SceneEvent> events, SceneEventKind kind) => [.. events.Select(e => e.Kind).Where(k => k != kind)];

    // An object 60 × 120 pixels large whose centre is at x.
    private static Detection At(float x) => new(x - 30, 440, x + 30, 560, 0, 0.9f);
}
