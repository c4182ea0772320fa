using CSMultiConnector.Mql5.Toolchain;

const string Usage = """
    usage: dotnet run --project tests/Mql5/Toolchain -- COMMAND [--mql5 FOLDER] [--name NAME] [FILE…]

      transform      write the C++ of the EA's sources to artifacts/own/mql5/NAME/gen
      check FILE…    what g++ says about single sources of the EA (a .mqh or .mq5)
      lint           what MQL5 forbids or warns about and g++ cannot see
      build          everything: the EA, the runner csmc-ea, the C++ tests
      planted [BUG]  build the EA with planted bugs and let the property test find each (or this one)
      test [FILTER]  build, then run the C++ tests (FILTER as in --gtest_filter)

    FOLDER holds Experts and Include (the repository's mql5 unless given); NAME keeps builds of different folders apart ("default").
    """;

string? mql5 = null, name = "default";
var words = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--mql5" && i + 1 < args.Length) mql5 = args[++i];
    else if (args[i] == "--name" && i + 1 < args.Length) name = args[++i];
    else words.Add(args[i]);
}

var places = BuildPlaces.Default(mql5, name);
var build = new Build(places);
switch (words.FirstOrDefault())
{
    case "transform":
        return Say(build.Generate(out var problems) ? null : problems, places.Generated);
    case "lint":
        return Say(Lint.Run(SourceTree.Read(places.Mql5)) is { Count: > 0 } findings ? string.Join('\n', findings) : null, "nothing to say");
    case "check" when words.Count > 1:
        return Say(await build.CheckAsync(words.Skip(1)), "nothing to say");
    case "build":
        return Say(await build.RunAsync(BuildParts.All), places.Output);
    case "planted":
        if (Say(await build.RunAsync(BuildParts.Planted), places.Planted) is var not and not 0) return not;
        return Start(places.Planted, words.Count > 1 ? $"PlantedBugs/*/{words[1]}" : "PlantedBugs/*");
    case "test":
        if (Say(await build.RunAsync(BuildParts.Tests), places.Tests) is var bad and not 0) return bad;
        return Start(places.Tests, words.Count > 1 ? words[1] : "*");
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int Start(string program, string filter)
{
    using var tests = System.Diagnostics.Process.Start(program, [$"--gtest_filter={filter}"]);
    tests.WaitForExit();
    return tests.ExitCode;
}

static int Say(string? problems, string good)
{
    Console.WriteLine(problems ?? good);
    return problems is null ? 0 : 1;
}
