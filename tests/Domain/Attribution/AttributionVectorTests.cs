namespace CSMultiConnector.Domain.Tests.Attribution;

public sealed class AttributionVectorTests
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (var one in AttributionVectors.Read()) names.Add(one.Name);
        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_policy_passes(string name) => AttributionVectors.Read().Single(c => c.Name == name).Run();
}
