using System.Text;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Storage.Settings;

namespace CSMultiConnector.Storage.Tests.Settings;

public abstract class FeedClientStoreTests(Place place) : IAsyncLifetime
{
    private World _world = null!;

    private FeedClientStore Clients => _world.Settings.FeedClients;

    public async Task InitializeAsync() => _world = await World.OpenAsync(place: place);

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [StoreFact]
    public async Task A_made_secret_has_32_random_bytes_and_is_found_at_login()
    {
        var issued = (await Clients.CreateAsync(OrganizationId.Local, "desk-1", secret: null, default)).Value.ShouldNotBeNull();
        var other = (await Clients.CreateAsync(OrganizationId.Local, "desk-2", secret: null, default)).Value.ShouldNotBeNull();

        System.Buffers.Text.Base64Url.DecodeFromChars(issued.Secret.Reveal()).Length.ShouldBe(32);
        other.Secret.ShouldNotBe(issued.Secret);
        await _world.ReopenAsync();
        var login = (await Clients.FindAsync("desk-1", default)).ShouldNotBeNull().Value.ShouldNotBeNull();
        login.Organization.ShouldBe(OrganizationId.Local);
        login.SecretBytes().ShouldBe(Encoding.ASCII.GetBytes(issued.Secret.Reveal()));
        login.ToString().ShouldNotContain(issued.Secret.Reveal());
    }

    [StoreFact]
    public async Task A_secret_is_in_no_file_in_clear_text()
    {
        var issued = (await Clients.CreateAsync(OrganizationId.Local, "desk-1", secret: null, default)).Value.ShouldNotBeNull();

        var kept = _world.AllBytes().Concat(await place.AllBytesAsync()).ToArray();
        kept.AsSpan().IndexOf(Encoding.UTF8.GetBytes(issued.Secret.Reveal())).ShouldBe(-1);
        kept.AsSpan().IndexOf("desk-1"u8).ShouldBeGreaterThanOrEqualTo(0);
    }

    [StoreTheory]
    [InlineData("k7Qp9")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abcabcabcabcabcabcabc")]
    [InlineData("changemechangeme")]
    [InlineData("Password1234567890")]
    [InlineData("P@ssw0rd-P@ssw0rd-1")]
    [InlineData("secret-secret-secret-9876")]
    [InlineData("qwertyuiopasdfghjkl")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("test-client-secret-01")]
    [InlineData("blanks in it a7Kq93xZw1")]
    [InlineData("umlaut-ä-a7Kq93xZw1")]
    public async Task A_weak_secret_is_refused_with_a_reason_that_does_not_repeat_it(string secret)
    {
        var problem = (await Clients.CreateAsync(OrganizationId.Local, "desk-1", new SecretText(secret), default)).Problem.ShouldNotBeNull();

        problem.Kind.ShouldBe(StoreProblemKind.Invalid);
        problem.Text.ShouldNotContain(secret);
        (await Clients.FindAsync("desk-1", default)).ShouldBeNull();
    }

    [StoreTheory]
    [InlineData("tr0ub4dor-horse-7")]
    [InlineData("kX9$w2Qp!7vLz4Rt")]
    [InlineData("correcthorsebatterystaple")]
    public async Task A_secret_of_ones_own_is_taken(string secret)
    {
        var issued = (await Clients.CreateAsync(OrganizationId.Local, "desk-1", new SecretText(secret), default)).Value.ShouldNotBeNull();

        issued.Secret.Reveal().ShouldBe(secret);
    }

    [StoreFact]
    public async Task A_revoked_client_cannot_log_in_and_its_id_is_not_used_again()
    {
        await Clients.CreateAsync(OrganizationId.Local, "desk-1", secret: null, default);

        (await Clients.RevokeAsync(OrganizationId.Local, "desk-1", default)).Value.ShouldNotBeNull().Revoked.ShouldBe(_world.Time.Now);

        (await Clients.FindAsync("desk-1", default)).ShouldBeNull();
        (await Clients.CreateAsync(OrganizationId.Local, "desk-1", secret: null, default)).Problem.ShouldNotBeNull().Text.ShouldContain("was revoked");
        (await Clients.ChangeSecretAsync(OrganizationId.Local, "desk-1", secret: null, default)).Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.NotFound);
        (await Clients.ListAsync(OrganizationId.Local, default)).ShouldHaveSingleItem().Revoked.ShouldNotBeNull();
    }

    [StoreFact]
    public async Task A_changed_secret_takes_the_place_of_the_old_one()
    {
        var old = (await Clients.CreateAsync(OrganizationId.Local, "desk-1", secret: null, default)).Value.ShouldNotBeNull();

        var changed = (await Clients.ChangeSecretAsync(OrganizationId.Local, "desk-1", secret: null, default)).Value.ShouldNotBeNull();

        changed.Secret.ShouldNotBe(old.Secret);
        (await Clients.FindAsync("desk-1", default)).ShouldNotBeNull().Value.ShouldNotBeNull().Secret.ShouldBe(changed.Secret);
    }

    [StoreTheory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("x/../y")]
    public async Task An_id_of_another_form_is_refused(string id) =>
        (await Clients.CreateAsync(OrganizationId.Local, id, secret: null, default)).Problem.ShouldNotBeNull().Kind.ShouldBe(StoreProblemKind.Invalid);

    [StoreFact]
    public async Task Clients_of_another_organization_are_out_of_reach()
    {
        var stranger = new OrganizationId("stranger");
        await Clients.CreateAsync(OrganizationId.Local, "desk-1", secret: null, default);

        (await Clients.RevokeAsync(stranger, "desk-1", default)).Ok.ShouldBeFalse();
        (await Clients.ChangeSecretAsync(stranger, "desk-1", secret: null, default)).Ok.ShouldBeFalse();
        (await Clients.ListAsync(stranger, default)).ShouldBeEmpty();
        (await Clients.FindAsync("desk-1", default)).ShouldNotBeNull().Ok.ShouldBeTrue();
    }
}

public sealed class FeedClientStoreOnSqliteTests() : FeedClientStoreTests(new SqlitePlace());

[NeedsPostgres]
public sealed class FeedClientStoreOnPostgresTests() : FeedClientStoreTests(new PostgresPlace());
