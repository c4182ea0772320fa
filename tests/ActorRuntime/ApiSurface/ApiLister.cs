using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CSMultiConnector.ActorRuntime.Tests.ApiSurface;

/// <summary>Lists the public and protected members of assemblies, a line each: <c>Full.Type-Name :: member</c>.</summary>
internal static class ApiLister
{
    private static readonly string[] Short = ["System", "System.Collections.Generic", "System.Threading.Tasks"];

    /// <summary>The surface of the types below one namespace root.</summary>
    public static IEnumerable<string> List(Assembly assembly) => assembly.GetExportedTypes()
        .Where(static t => t.Namespace is { } ns && (ns == "Akka" || ns.StartsWith("Akka.", StringComparison.Ordinal)))
        .Where(static t => !IsLeftOut(t))
        .SelectMany(Lines);

    /// <summary>What the reference does not list: helpers and what a compiler writes into records.</summary>
    private static bool IsLeftOut(Type type) => type.Namespace == "Akka.Util";

    private static IEnumerable<string> Lines(Type type)
    {
        var name = Name(type);
        yield return $"{Kind(type)} {name}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            yield return $"{name} :: ({Parameters(invoke)}) : {Name(invoke.ReturnType)}";
            yield break;
        }
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetNames(type))
                yield return $"{name} :: {value}";
            yield break;
        }
        const BindingFlags all = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        foreach (var constructor in type.GetConstructors(all).Where(static c => IsVisible(c) && !c.IsStatic))
            yield return $"{name} :: {Access(constructor)} new({Parameters(constructor)})";
        foreach (var field in type.GetFields(all).Where(static f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
            yield return $"{name} :: {(field.IsPublic ? "public" : "protected")} {(field.IsLiteral ? "const " : field.IsStatic ? "static " : string.Empty)}{field.Name} : {Name(field.FieldType)}";
        foreach (var property in type.GetProperties(all))
        {
            var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToArray();
            if (accessors.Length > 0)
                yield return $"{name} :: {Access(accessors[0])} {Modifier(accessors[0])}{property.Name} : {Name(property.PropertyType)}";
        }
        foreach (var method in type.GetMethods(all).Where(static m => IsVisible(m) && !IsHousekeeping(m)))
            yield return $"{name} :: {Access(method)} {Modifier(method)}{method.Name}{Arguments(method)}({Parameters(method)}) : {Name(method.ReturnType)}";
    }

    private static bool IsHousekeeping(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.Name is "Equals" or "GetHashCode" or "ToString" or "<Clone>$" or "PrintMembers";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Modifier(MethodInfo method)
    {
        if (method.IsStatic)
            return "static ";
        if (method.IsAbstract)
            return "abstract ";
        if (!method.IsVirtual || method.IsFinal)
            return string.Empty;
        return method.GetBaseDefinition() == method ? "virtual " : "override ";
    }

    private static string Kind(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return "delegate";
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";
        if (type.IsValueType)
            return "struct";
        return type switch
        {
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
    }

    private static string Arguments(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : string.Empty;

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select((p, i) =>
        (i == 0 && method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : string.Empty)
        + (p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : string.Empty)
        + Name(p.ParameterType) + " " + p.Name + Default(p)));

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue)
            return string.Empty;
        return " = " + parameter.DefaultValue switch
        {
            null => "null",
            string text => $"\"{text}\"",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!) + "&";
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";
        var prefix = type.IsNested ? Name(type.DeclaringType!) + "." : Short.Contains(type.Namespace) ? string.Empty : type.Namespace + ".";
        var plain = type.Name.Split('`')[0];
        return prefix + plain + (type.IsGenericType && type.Name.Contains('`') ? $"<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : string.Empty);
    }
}
