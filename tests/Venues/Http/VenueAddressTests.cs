using CSMultiConnector.Venues.Http;

namespace CSMultiConnector.Venues.Tests.Http;

public sealed class VenueAddressTests
{
    [Theory]
    [InlineData("https://api.example.com", null)]
    [InlineData("https://api.example.com:8443/", null)]
    [InlineData("http://127.0.0.1:9443", null)]
    [InlineData("http://127.8.9.1:9443", null)]
    [InlineData("http://[::1]:9443", null)]
    [InlineData("http://localhost:9443", null)]
    [InlineData("http://api.example.com", "not encrypted")]
    [InlineData("http://localhost.example.com", "not encrypted")]
    [InlineData("http://10.0.0.1", "not encrypted")]
    [InlineData("https://api.example.com/api/v3", "host and port only")]
    [InlineData("https://user:word@api.example.com", "host and port only")]
    [InlineData("ftp://api.example.com", "is not an address")]
    [InlineData("api.example.com", "is not an address")]
    public void Keys_go_over_encrypted_lines_or_stay_on_this_machine(string address, string? wrong)
    {
        var refusal = VenueAddress.Refusal(address, "https", "http");
        if (wrong is null) refusal.ShouldBeNull();
        else refusal.ShouldNotBeNull().ShouldContain(wrong);
    }
}
