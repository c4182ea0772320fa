using CSMultiConnector.Domain.Connectors;

namespace CSMultiConnector.Domain.Tests.Connectors;

public sealed class ApiAddressTests
{
    [Theory]
    [InlineData("https://API.Example.com/", "https://api.example.com")]
    [InlineData("https://api.example.com:443", "https://api.example.com")]
    [InlineData("http://127.0.0.1:8080//", "http://127.0.0.1:8080")]
    [InlineData("https://api.example.com/V1/", "https://api.example.com/V1")]
    [InlineData("", "")]
    [InlineData("not an address", "not an address")]
    public void One_address_is_one_text_however_it_is_typed(string typed, string normalised) => ApiAddress.Normalised(typed).ShouldBe(normalised);
}
