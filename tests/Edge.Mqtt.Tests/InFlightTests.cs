namespace Edge.Mqtt.Tests;

public sealed class InFlightTests
{
    private bool _never;

    [Fact]
    public void TryEnter_AtTheLimit_Refuses()
    {
        var window = new InFlight(2);
        Assert.True(window.TryEnter());
        Assert.True(window.TryEnter());
        Assert.False(window.TryEnter());
        Assert.Equal(2, window.Count);
    }

    [Fact]
    public void Acknowledged_BeforeSent_CompletesOnce()
    {
        var window = new InFlight(2);
        Assert.True(window.TryEnter());
        window.Acknowledged(5);
        Assert.Equal(1, window.Count);
        window.Sent(5, sure: true);
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void Sent_IdComesRoundUnreported_CountsTheFormerAsOver()
    {
        var window = new InFlight(4);
        Assert.True(window.TryEnter());
        window.Sent(5, sure: true);
        Assert.True(window.TryEnter());
        window.Sent(5, sure: true);
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public void ForgetUnsure_BrokenConnection_KeepsWhatIsSentAgain()
    {
        var window = new InFlight(4);
        Assert.True(window.TryEnter());
        window.Sent(1, sure: false);
        Assert.True(window.TryEnter());
        window.Sent(2, sure: true);
        Assert.Equal(1, window.ForgetUnsure());
        Assert.Equal(1, window.Count);
        window.Acknowledged(2);
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public async Task WaitUntilAtMost_AcknowledgementsFromAnotherThread_NeverLosesOne()
    {
        const int Messages = 200_000;
        var window = new InFlight(16);
        using var ids = new System.Collections.Concurrent.BlockingCollection<int>();
        Task acknowledger = Task.Run(() =>
        {
            foreach (int id in ids.GetConsumingEnumerable())
            {
                window.Acknowledged(id);
            }
        }, TestContext.Current.CancellationToken);
        for (int i = 0; i < Messages; i++)
        {
            while (!window.TryEnter())
            {
                Assert.True(window.WaitUntilAtMost(15, TimeSpan.FromSeconds(20), ref _never));
            }
            int id = 1 + (i % 65_535);
            ids.Add(id, TestContext.Current.CancellationToken);
            window.Sent(id, sure: true);
        }
        ids.CompleteAdding();
        await acknowledger;
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void WaitUntilAtMost_Abandoned_ReturnsAtOnce()
    {
        var window = new InFlight(1);
        Assert.True(window.TryEnter());
        bool abandoned = true;
        Assert.False(window.WaitUntilAtMost(0, TimeSpan.FromMinutes(10), ref abandoned));
    }
}
