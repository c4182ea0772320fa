namespace CSMultiConnector.Mql5.Tests;

/// <summary>Every case of the C++ tests is a case here.</summary>
public sealed class CppTests
{
    public static IEnumerable<object[]> Cases() => CppProgram.Cases().Select(c => new object[] { c });

    [CppTheory]
    [MemberData(nameof(Cases))]
    public void Cpp(string name) => CppProgram.Result(name).ShouldBeEmpty(name);
}
