using System.Diagnostics;
using System.Runtime.Versioning;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Sql;

namespace CSMultiConnector.Storage.Tests.Folder;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly ManualTime _time = new();

    private string Root => _temp.File("data");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_new_folder_is_made_for_its_owner_alone()
    {
        using var folder = Open();

        folder.Warnings.ShouldBeEmpty();
        Directory.Exists(folder.LogsPath).ShouldBeTrue();
        if (OperatingSystem.IsWindows()) return;
        foreach (var path in Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Append(Root))
            (File.GetUnixFileMode(path) & NotOwner).ShouldBe(UnixFileMode.None, path);
    }

    [Fact]
    public void A_folder_in_use_names_the_process_that_holds_it()
    {
        using var folder = Open();

        var second = DataFolder.Open(Root, _time);

        second.Ok.ShouldBeFalse();
        second.Problem.Kind.ShouldBe(StoreProblemKind.Conflict);
        using var self = Process.GetCurrentProcess();
        second.Problem.Text.ShouldContain($"process {self.Id} ({self.ProcessName}) since 2026-03-01 12:00:00 UTC");
        second.Problem.Text.ShouldContain(Root);
    }

    [Fact]
    public void A_folder_that_was_let_go_can_be_opened_again()
    {
        Open().Dispose();

        Open().Dispose();
    }

    [Fact]
    public void A_lock_held_elsewhere_is_seen_and_an_owner_that_is_gone_is_not_believed()
    {
        using (Open())
        {
            File.Copy(_temp.File("data/lock.owner"), _temp.File("owner"));
        }

        var owner = File.ReadAllText(_temp.File("owner"));
        using var held = new FileStream(_temp.File("data/lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        // The same number, but a process that started at another time: the number was given again.
        File.WriteAllText(_temp.File("data/lock.owner"), owner.Replace("\"ProcessStart\":\"2", "\"ProcessStart\":\"1", StringComparison.Ordinal));

        DataFolder.Open(Root, _time).Problem.ShouldNotBeNull().Text.ShouldContain("in use by another process");
    }

    [Fact]
    public async Task A_second_process_that_holds_the_lock_keeps_this_one_out_until_it_is_killed()
    {
        if (!OperatingSystem.IsLinux()) return;
        Open().Dispose();
        using var other = Process.Start(new ProcessStartInfo("flock")
        {
            ArgumentList = { "--exclusive", "--no-fork", _temp.File("data/lock"), "sh", "-c", "echo held; exec cat" },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        (await other.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2))).ShouldBe("held");

        DataFolder.Open(Root, _time).Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Conflict);

        other.Kill();
        await other.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Open().Dispose();
    }

    [Fact]
    public void The_lease_lasts_as_long_as_the_folder_is_held()
    {
        var folder = Open();
        var lease = new FolderLease(folder);
        lease.IsHeld.ShouldBeTrue();
        lease.EndsAt.ShouldBeNull();

        folder.Dispose();

        lease.IsHeld.ShouldBeFalse();
        lease.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void The_journal_is_in_WAL_mode_for_whoever_opens_it()
    {
        using var folder = Open();

        using var connection = SqliteEngine.Open(folder.JournalPath);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        command.ExecuteScalar().ShouldBe("wal");
        command.CommandText = "PRAGMA synchronous";
        command.ExecuteScalar().ShouldBe(2L);
    }

    [Fact]
    public void A_journal_that_is_no_database_is_named()
    {
        string journal;
        using (var folder = Open()) journal = folder.JournalPath;
        foreach (var file in Directory.GetFiles(Root, "journal.db*")) File.Delete(file);
        File.WriteAllText(journal, string.Concat(Enumerable.Repeat("this is no database. ", 500)));

        DataFolder.Open(Root, _time).Problem.ShouldNotBeNull().Text.ShouldStartWith($"{journal} is not a database");
    }

    [Fact]
    public void A_path_that_is_a_file_is_a_problem_and_no_exception()
    {
        File.WriteAllText(Root, "");

        DataFolder.Open(Root, _time).Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Unusable);
    }

    [Theory]
    [InlineData("", UnixFileMode.OtherWrite, "chmod 700")]
    [InlineData("keys", UnixFileMode.OtherRead, "holds secrets")]
    [InlineData("keys/master.key", UnixFileMode.OtherRead, "holds secrets")]
    [InlineData("settings.db", UnixFileMode.OtherRead, "chmod go-rwx")]
    [InlineData("api-token", UnixFileMode.OtherWrite, "chmod go-rwx")]
    public void What_everybody_may_use_is_refused(string name, UnixFileMode wider, string text)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Widen(name, wider);

        var problem = DataFolder.Open(Root, _time).Problem.ShouldNotBeNull();

        problem.Kind.ShouldBe(StoreProblemKind.Unusable);
        problem.Text.ShouldContain(path);
        problem.Text.ShouldContain(text);
    }

    [Theory]
    [InlineData("", UnixFileMode.OtherRead)]
    [InlineData("", UnixFileMode.GroupWrite)]
    [InlineData("settings.db", UnixFileMode.GroupRead)]
    public void What_the_group_may_use_is_warned_about(string name, UnixFileMode wider)
    {
        if (OperatingSystem.IsWindows()) return;
        var path = Widen(name, wider);

        using var folder = Open();

        folder.Warnings.ShouldHaveSingleItem().ShouldContain(path);
    }

    private const UnixFileMode NotOwner =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    [UnsupportedOSPlatform("windows")]
    private string Widen(string name, UnixFileMode wider)
    {
        using (var folder = Open())
        {
            MasterKey.Locate(folder, new SystemRandomSource(), _ => null).Ok.ShouldBeTrue();
            PrivateFile.EnsureExists(folder.SettingsPath);
            PrivateFile.WriteAllText(folder.ApiTokenPath, "t");
        }

        var path = Path.Combine(Root, name).TrimEnd('/');
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | wider);
        return path;
    }

    private DataFolder Open()
    {
        var result = DataFolder.Open(Root, _time);
        result.Problem.ShouldBeNull();
        return result.Value!;
    }
}
