using System.Reflection;

namespace CSMultiConnector.Venues.Tests;

/// <summary>The suite itself: nothing of it is idle.</summary>
public sealed class ConformanceTests
{
    private const byte NewObject = 0x73;

    [Fact]
    public void Every_trouble_is_made_by_a_test()
    {
        var troubles = typeof(Trouble).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(Trouble))).ToArray();
        var made = typeof(VenueConformance).Assembly.GetTypes().Where(t => typeof(VenueConformance).IsAssignableFrom(Outermost(t))).SelectMany(Made).ToHashSet();
        troubles.Except(made).Select(t => t.Name).ShouldBeEmpty("a trouble that no test makes");
        troubles.Length.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void Every_class_of_the_suite_is_derived_by_a_product()
    {
        var suites = typeof(VenueConformance).Assembly.GetTypes().Where(t => t.IsAbstract && typeof(VenueConformance).IsAssignableFrom(t)).ToArray();
        var products = GetType().Assembly.GetTypes().Where(t => !t.IsAbstract && typeof(VenueConformance).IsAssignableFrom(t)).ToArray();
        suites.Where(s => !products.Any(s.IsAssignableFrom)).ShouldBeEmpty();

        // A test of a feature or a lack that no product has is run by nobody.
        var tests = products.SelectMany(p => FeatureTests.Of(p).Select(t => (t.Method.Name, IsThere: t.Test.IsThereIn(FeatureTests.LacksOf(p))))).ToArray();
        tests.Select(t => t.Name).Except(tests.Where(t => t.IsThere).Select(t => t.Name), StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    // What the type's methods make: asynchronous ones and closures are types of their own within it.
    private static IEnumerable<Type> Made(Type type)
    {
        foreach (var method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        {
            if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) continue;
            for (var i = 0; i + 4 < code.Length; i++)
            {
                if (code[i] == NewObject && Constructor(method, BitConverter.ToInt32(code, i + 1)) is { } made) yield return made;
            }
        }
    }

    private static Type? Constructor(MethodInfo method, int token)
    {
        // A constructor of the same assembly; other bytes that look like a call of one resolve to something else.
        const int methodTable = 0x06;
        if (token >> 24 != methodTable) return null;
        try
        {
            return method.Module.ResolveMethod(token) is ConstructorInfo made ? made.DeclaringType : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
