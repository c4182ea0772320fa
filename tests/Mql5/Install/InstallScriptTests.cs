namespace CSMultiConnector.Mql5.Tests.Install;

public sealed class InstallScriptTests : IDisposable
{
    private const string Manifest = "MQL5/Experts/CSMultiConnector/installed-files.txt";

    private readonly MadeUpHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_only_terminal_gets_every_source_and_its_program_folder_nothing(bool utf16)
    {
        var data = _home.Roaming(".wine", bom: utf16);

        var (code, said, error) = _home.Run();

        error.ShouldBeEmpty();
        code.ShouldBe(0);
        ShouldBeInstalled(data);
        File.ReadAllLines(Path.Combine(data, Manifest)).ShouldBe(MadeUpHome.Sources.Select(s => "MQL5/" + s));
        Directory.Exists(_home.At(".wine/drive_c/Program Files/MetaTrader 5/MQL5/Experts")).ShouldBeFalse("its origin names it: it holds no data");
        said.ShouldContain("press F7");
        said.ShouldContain("Allow WebRequest");
    }

    [Theory]
    [InlineData(".wine")]
    [InlineData(".mt5")]
    [InlineData(".wine-broker two")]
    [InlineData("Library/Application Support/net.metaquotes.wine.metatrader5")]
    [InlineData("Library/Application Support/CrossOver/Bottles/MetaTrader 5")]
    public void A_terminal_that_keeps_its_data_in_its_program_folder_is_found(string prefix)
    {
        var data = _home.Program(prefix, "Brökers MT5 Terminal");
        _home.Run().Code.ShouldBe(0);
        ShouldBeInstalled(data);
    }

    [Fact]
    public void The_prefix_that_Wine_is_told_is_searched_once()
    {
        var data = _home.Program(".wine");
        _home.RunWith(new() { ["WINEPREFIX"] = _home.At(".wine") }).Code.ShouldBe(0, "the same folder in two ways is one folder");
        ShouldBeInstalled(data);

        var elsewhere = _home.Program("some where/prefix");
        var (code, _, error) = _home.RunWith(new() { ["WINEPREFIX"] = _home.At("some where/prefix") });
        code.ShouldBe(1);
        error.ShouldContain(elsewhere);
    }

    [Fact]
    public void Of_several_terminals_none_is_touched_until_one_is_named()
    {
        var one = _home.Roaming(".wine");
        var two = _home.Program(".mt5", "Other");
        var before = MadeUpHome.Contents(_home.Folder);

        var (code, _, error) = _home.Run();

        code.ShouldBe(1);
        error.ShouldContain("--data-folder");
        error.ShouldContain(one);
        error.ShouldContain(@"terminal: C:\Program Files\MetaTrader 5");
        error.ShouldContain(two);
        MadeUpHome.Contents(_home.Folder).ShouldBe(before);

        _home.Run("--data-folder", two).Code.ShouldBe(0);
        ShouldBeInstalled(two);
        File.Exists(Path.Combine(one, Manifest)).ShouldBeFalse();

        var listed = _home.Run("--list");
        listed.Code.ShouldBe(0);
        listed.Out.Split('\n').Count(l => l.EndsWith(" is installed", StringComparison.Ordinal)).ShouldBe(1);
        listed.Out.Split('\n').Count(l => l.EndsWith(" is not installed", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_folder_that_is_named_is_the_one_that_is_listed()
    {
        var other = _home.Program(".mt5", "Other");
        var named = _home.Program("some where/prefix");
        _home.Run("--data-folder", named).Code.ShouldBe(0);

        var (code, said, error) = _home.Run("--list", "--data-folder", Path.Combine(named, "MQL5"));
        error.ShouldBeEmpty();
        code.ShouldBe(0);
        said.Split('\n').ShouldContain("  " + named, "though no search finds it");
        said.ShouldContain(" is installed");
        said.ShouldNotContain(other);

        (code, _, error) = _home.Run("--data-folder", _home.Folder, "--list");
        code.ShouldBe(1);
        error.ShouldContain("is no data folder");
    }

    [Fact]
    public void Without_a_terminal_it_says_where_to_find_the_folder()
    {
        Directory.CreateDirectory(_home.At(".wine/drive_c/Program Files/Something"));
        foreach (var arguments in new string[][] { [], ["--list"], ["--uninstall"] })
        {
            var (code, _, error) = _home.Run(arguments);
            code.ShouldBe(1);
            error.ShouldContain("Open Data Folder");
        }
    }

    [Fact]
    public void A_dry_run_names_what_a_run_does_and_does_nothing()
    {
        var data = _home.Roaming(".wine");
        var before = MadeUpHome.Contents(_home.Folder);

        var dry = _home.Run("--dry-run");
        dry.Code.ShouldBe(0);
        MadeUpHome.Contents(_home.Folder).ShouldBe(before);
        Changes(dry.Out.Replace("would ", "", StringComparison.Ordinal)).ShouldBe(Changes(_home.Run().Out));

        before = MadeUpHome.Contents(_home.Folder);
        dry = _home.Run("--dry-run", "--uninstall");
        dry.Code.ShouldBe(0);
        MadeUpHome.Contents(_home.Folder).ShouldBe(before);
        Changes(dry.Out.Replace("would ", "", StringComparison.Ordinal)).ShouldBe(Changes(_home.Run("--uninstall").Out));
        Directory.Exists(Path.Combine(data, "MQL5/Include/CSMultiConnector")).ShouldBeFalse();
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        _home.Roaming(".wine");
        _home.Run();
        var before = MadeUpHome.Contents(_home.Folder);

        var (code, said, _) = _home.Run();

        code.ShouldBe(0);
        said.ShouldContain("nothing was changed");
        Changes(said).ShouldBeEmpty();
        MadeUpHome.Contents(_home.Folder).ShouldBe(before);
    }

    [Fact]
    public void An_older_version_is_replaced_and_strange_files_are_left_alone()
    {
        var data = _home.Roaming(".wine");
        _home.Run();
        MadeUpHome.Put(data, "MQL5/Include/CSMultiConnector/Context.mqh", "#define CSMC_VERSION \"0.9.0\"\n");
        MadeUpHome.Put(data, "MQL5/Include/CSMultiConnector/Gone.mqh", "of the older version");
        File.AppendAllText(Path.Combine(data, Manifest), "MQL5/Include/CSMultiConnector/Gone.mqh\n");
        MadeUpHome.Put(data, "MQL5/Include/CSMultiConnector/Mine.mqh", "the user's own");
        MadeUpHome.Put(data, "MQL5/Experts/CSMultiConnector/CSMultiConnector.ex5", "compiled");
        MadeUpHome.Put(data, "MQL5/Experts/Other.mq5", "the user's own");

        var (code, said, error) = _home.Run();

        code.ShouldBe(0, error);
        said.ShouldContain("Replacing CSMultiConnector 0.9.0 by ");
        Changes(said).ShouldBe(
        [
            "replace MQL5/Include/CSMultiConnector/Context.mqh", "remove MQL5/Include/CSMultiConnector/Gone.mqh",
            "replace MQL5/Experts/CSMultiConnector/installed-files.txt",
        ]);
        ShouldBeInstalled(data);
        said.ShouldContain("Left alone, since it did not come from here:\n  MQL5/Include/CSMultiConnector/Mine.mqh\n");
        File.ReadAllText(Path.Combine(data, "MQL5/Include/CSMultiConnector/Mine.mqh")).ShouldBe("the user's own");
        File.ReadAllText(Path.Combine(data, "MQL5/Experts/Other.mq5")).ShouldBe("the user's own");
        said.ShouldContain("press F7", customMessage: "what was compiled is of the older version");
    }

    [Fact]
    public void Uninstalling_takes_what_was_installed_and_nothing_else()
    {
        var data = _home.Roaming(".wine");
        MadeUpHome.Put(data, "MQL5/Experts/Other.mq5", "the user's own");
        MadeUpHome.Put(data, "MQL5/Files/CSMultiConnector/1@Server.log", "log");
        var before = MadeUpHome.Contents(_home.Folder);
        _home.Run();
        MadeUpHome.Put(data, "MQL5/Experts/CSMultiConnector/CSMultiConnector.ex5", "compiled");

        _home.Run("--uninstall").Code.ShouldBe(0);
        MadeUpHome.Contents(_home.Folder).ShouldBe(before);
        Directory.Exists(Path.Combine(data, "MQL5/Experts/CSMultiConnector")).ShouldBeFalse();
        _home.Run("--uninstall").Out.ShouldContain("Nothing of it is there.");

        _home.Run();
        var mine = MadeUpHome.Put(data, "MQL5/Include/CSMultiConnector/Mine.mqh", "the user's own");
        _home.Run("--uninstall").Out.ShouldContain("Mine.mqh");
        File.Exists(mine).ShouldBeTrue();
    }

    [Fact]
    public void A_list_of_files_that_somebody_changed_leads_nowhere_else()
    {
        var data = _home.Roaming(".wine");
        _home.Run();
        var outside = MadeUpHome.Put(_home.Folder, "precious.mqh", "x");
        var other = MadeUpHome.Put(data, "MQL5/Experts/Other/Other.mq5", "x");
        File.AppendAllLines(Path.Combine(data, Manifest),
        [
            "MQL5/Include/CSMultiConnector/../../../../../../../../../../../../precious.mqh", outside, "MQL5/Experts/Other/Other.mq5", "", "*",
        ]);

        _home.Run("--uninstall").Code.ShouldBe(0);

        File.Exists(outside).ShouldBeTrue();
        File.Exists(other).ShouldBeTrue();
        File.Exists(Path.Combine(data, "MQL5/Include/CSMultiConnector/Context.mqh")).ShouldBeFalse();
    }

    [Fact]
    public void Only_a_data_folder_is_taken()
    {
        var data = _home.Program(".wine");
        Directory.CreateDirectory(_home.At("just/MQL5"));
        Directory.CreateDirectory(_home.At("old/MQL4"));
        var before = MadeUpHome.Contents(_home.Folder);

        _home.Run("--data-folder", _home.At("nowhere")).Error.ShouldContain("there is no folder");
        _home.Run("--data-folder", _home.At("just")).Error.ShouldContain("is no data folder");
        _home.Run("--data-folder", _home.At("old")).Error.ShouldContain("MetaTrader 4");
        _home.Run("--data-folder", "").Code.ShouldBe(2);
        _home.Run("--data-folder").Code.ShouldBe(2);
        _home.Run("--everything").Code.ShouldBe(2);
        _home.RunWith(new() { ["SUDO_USER"] = "me" }).Error.ShouldContain("without sudo");
        MadeUpHome.Contents(_home.Folder).ShouldBe(before);

        _home.Run("--data-folder", Path.Combine(data, "MQL5") + "/").Code.ShouldBe(0);
        ShouldBeInstalled(data);
    }

    [Fact]
    public void What_cannot_be_written_is_said()
    {
        var data = _home.Program(".wine");
        Directory.CreateDirectory(Path.Combine(data, "MQL5/Experts/CSMultiConnector/CSMultiConnector.mq5"));
        var (code, _, error) = _home.Run();
        code.ShouldBe(1);
        error.ShouldContain("is a folder, where a file has to be");
        File.Exists(Path.Combine(data, Manifest)).ShouldBeFalse();
    }

    [Fact]
    public void The_bash_script_keeps_to_what_the_bash_of_macOS_knows()
    {
        var script = File.ReadAllText(Path.Combine(MadeUpHome.Repository, "mql5/install/install.sh"));
        foreach (var newer in new[] { "mapfile", "readarray", "coproc", "declare -A", "local -n", "|&", "&>>", "readlink -f", "sed -i", "grep -P", ",,}", "^^}" })
            script.ShouldNotContain(newer);
    }

    private static void ShouldBeInstalled(string data)
    {
        foreach (var source in MadeUpHome.Sources)
            File.ReadAllBytes(Path.Combine(data, "MQL5", source)).ShouldBe(File.ReadAllBytes(Path.Combine(MadeUpHome.Repository, "mql5", source)), source);
        Directory.EnumerateFiles(data, "*.new", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    private static string[] Changes(string said) =>
        [.. said.Split('\n').Where(l => s_verbs.Any(v => l.StartsWith(v, StringComparison.Ordinal))).Select(l => l[2..])];

    private static readonly string[] s_verbs = ["  copy ", "  replace ", "  remove "];
}
