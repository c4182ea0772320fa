using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CSMultiConnector.Storage.Folder;
using CSMultiConnector.Storage.Secrets;

namespace CSMultiConnector.Storage.Tests.Secrets;

public sealed class SecretTests : IDisposable
{
    private static readonly SecretText Secret = new("the-hidden-part-4711");

    private readonly TempFolder _temp = new();
    private readonly DataFolder _folder;

    public SecretTests() => _folder = DataFolder.Open(_temp.File("data"), TimeProvider.System).Value!;

    public void Dispose()
    {
        _folder.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void A_secret_shows_nowhere()
    {
        var holder = new ConnectorCredentialsHolder("x", Secret);

        Secret.ToString().ShouldBe("***");
        $"{Secret} {holder} {Samples.Keys("4711", "4711")}".ShouldNotContain("4711");
        JsonSerializer.Serialize(holder).ShouldBe("""{"Name":"x","Secret":"***"}""");
        Should.Throw<NotSupportedException>(() => JsonSerializer.Deserialize<SecretText>("\"x\""));
        Secret.Reveal().ShouldBe("the-hidden-part-4711");
    }

    [Fact]
    public void Secrets_are_equal_by_value()
    {
        new SecretText("ab").ShouldBe(new SecretText("ab"));
        new SecretText("ab").ShouldNotBe(new SecretText("ac"));
        new SecretText("ab").ShouldNotBe(new SecretText("abc"));
    }

    [Fact]
    public void What_was_sealed_opens_again_after_a_restart_and_for_its_owner_only()
    {
        byte[] sealedBytes;
        using (var vault = Open(DefaultKey())) sealedBytes = vault.Seal(Secret, "connector", "local", "a");

        using var again = Open(DefaultKey());
        again.TryOpen(sealedBytes, out var opened, "connector", "local", "a").ShouldBeTrue();
        opened.ShouldBe(Secret);
        again.TryOpen(sealedBytes, out _, "connector", "local", "b").ShouldBeFalse();
        sealedBytes[^1] ^= 1;
        again.TryOpen(sealedBytes, out _, "connector", "local", "a").ShouldBeFalse();
    }

    [Fact]
    public void The_key_ring_holds_no_key_in_clear_text_and_belongs_to_its_owner()
    {
        using (var vault = Open(DefaultKey())) vault.Seal(Secret, "x");

        var ring = Directory.EnumerateFiles(_folder.KeysPath, "*.xml").ShouldHaveSingleItem();
        var text = File.ReadAllText(ring);
        text.ShouldContain("<sealed");
        text.ShouldNotContain("<value>");
        if (OperatingSystem.IsWindows()) return;
        foreach (var file in Directory.EnumerateFiles(_folder.KeysPath))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void Another_master_key_is_refused_and_changes_nothing()
    {
        using (var vault = Open(Key(1))) vault.Seal(Secret, "x");
        var before = Directory.EnumerateFiles(_folder.KeysPath).Order().ToList();

        var refused = SecretVault.Open(_folder, Key(2));

        refused.Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Unusable);
        refused.Problem.Text.ShouldContain(_folder.KeysPath);
        Directory.EnumerateFiles(_folder.KeysPath).Order().ShouldBe(before);
        Open(Key(1)).Dispose();
    }

    [Fact]
    public void The_master_key_comes_from_the_environment_a_named_file_or_the_folder_in_this_order()
    {
        var named = _temp.File("container-secret");
        File.WriteAllText(named, Text(2) + "\n");
        string? Both(string name) => name == MasterKey.KeyVariable ? Text(1) : named;
        string? OnlyFile(string name) => name == MasterKey.KeyFileVariable ? named : null;

        Locate(Both).Fingerprint.ShouldBe(Key(1).Fingerprint);
        Locate(OnlyFile).Fingerprint.ShouldBe(Key(2).Fingerprint);
        File.Exists(Path.Combine(_folder.KeysPath, "master.key")).ShouldBeFalse();
        var made = Locate(_ => null);
        Locate(_ => null).Fingerprint.ShouldBe(made.Fingerprint);
        File.Exists(Path.Combine(_folder.KeysPath, "master.key")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("short4711")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4711")]
    public void A_master_key_of_another_form_is_refused_without_repeating_it(string text)
    {
        var problem = MasterKey.Locate(_folder, new SystemRandomSource(), _ => text).Problem.ShouldNotBeNull();

        problem.Text.ShouldContain("openssl rand -base64 32");
        problem.Text.ShouldNotContain("4711");
    }

    [Fact]
    public void A_certificate_can_protect_the_key_ring()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=ring", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        byte[] sealedBytes;
        using (var vault = Open(new MasterKey.Certificate(certificate))) sealedBytes = vault.Seal(Secret, "x");

        using var again = Open(new MasterKey.Certificate(certificate));
        again.TryOpen(sealedBytes, out var opened, "x").ShouldBeTrue();
        opened.ShouldBe(Secret);
        File.ReadAllText(Directory.EnumerateFiles(_folder.KeysPath, "*.xml").Single()).ShouldContain("EncryptedData");
    }

    [Fact]
    public void Tags_use_each_character_equally_often()
    {
        // Each byte value once: 0 to 251 give seven of each character, 252 to 255 are drawn again.
        var random = new ScriptedRandom([.. Enumerable.Range(0, 256).Select(i => (byte)i)]);

        var tag = RandomText.Tag(random, 252);

        tag.GroupBy(c => c).Select(g => g.Count()).Distinct().ShouldBe([7]);
        tag.Distinct().Count().ShouldBe(36);
    }

    private static string Text(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, MasterKey.KeyLength).ToArray());

    private static MasterKey Key(byte fill) => MasterKey.Parse(Text(fill), "a test").Value!;

    private MasterKey DefaultKey() => Locate(_ => null);

    private MasterKey Locate(Func<string, string?> variable) => MasterKey.Locate(_folder, new SystemRandomSource(), variable).Value!;

    private SecretVault Open(MasterKey key) => SecretVault.Open(_folder, key).Value!;

    private sealed record ConnectorCredentialsHolder(string Name, SecretText Secret);
}
