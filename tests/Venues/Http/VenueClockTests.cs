using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Http;

public sealed class VenueClockTests
{
    private readonly TestClock _time = new();
    private readonly VenueClock _clock;

    public VenueClockTests() => _clock = new VenueClock(_time);

    [Fact]
    public void Until_it_is_measured_it_is_ours()
    {
        _clock.IsMeasured.ShouldBeFalse();
        _clock.Now.ShouldBe(_time.GetUtcNow());
    }

    [Fact]
    public void The_venue_spoke_in_the_middle_of_the_round_trip()
    {
        Measure(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(200));
        _clock.Offset.ShouldBe(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromHours(1));
        _clock.Offset.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_slow_answer_does_not_replace_a_quick_one_unless_that_is_old_or_wrong()
    {
        Measure(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10));
        Measure(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        _clock.Offset.ShouldBe(TimeSpan.FromSeconds(1));
        Measure(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), lastIsWrong: true);
        _clock.Offset.ShouldBe(TimeSpan.FromSeconds(2));
        Measure(TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(10));
        _time.Advance(TimeSpan.FromMinutes(5));
        Measure(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1));
        _clock.Offset.ShouldBe(TimeSpan.FromSeconds(4));
    }

    private void Measure(TimeSpan ahead, TimeSpan trip, bool lastIsWrong = false)
    {
        var begun = _clock.Begin();
        _time.Advance(trip / 2);
        var said = _time.GetUtcNow() + ahead;
        _time.Advance(trip / 2);
        _clock.Take(said, begun, lastIsWrong);
    }
}
