namespace Akka.Util;

/// <summary>Makes what the configuration names by type.</summary>
internal static class TypeNames
{
    /// <summary>Makes an instance of a named type, with the arguments if its constructor takes them.</summary>
    /// <exception cref="Configuration.ConfigurationException">There is no such type, or it is of the wrong kind.</exception>
    public static T Create<T>(string typeName, params object[] arguments)
    {
        var type = Find(typeName);
        if (!typeof(T).IsAssignableFrom(type))
            throw new Configuration.ConfigurationException($"The type [{typeName}] of the configuration is no {typeof(T)}.");
        return (T)Activator.CreateInstance(type, arguments)!;
    }

    /// <summary>
    /// Finds a type by its name. The assembly in it counts only when it exists: here the parts of the engine share
    /// assemblies that the genuine one keeps apart.
    /// </summary>
    public static Type Find(string typeName)
    {
        if (Type.GetType(typeName, throwOnError: false) is { } type)
            return type;
        var comma = typeName.IndexOf(',', StringComparison.Ordinal);
        var name = (comma < 0 ? typeName : typeName[..comma]).Trim();
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.GetType(name, throwOnError: false) is { } found)
                return found;
        }
        throw new Configuration.ConfigurationException($"The configuration names a type that does not exist: [{typeName}].");
    }
}
