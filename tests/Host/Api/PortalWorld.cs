using System.Net;
using CSMultiConnector.Actors.Control;
using CSMultiConnector.Domain.Identity;
using CSMultiConnector.Host.ApiClient;
using CSMultiConnector.Host.Cli;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Host.Configuration;
using CSMultiConnector.Portal.Api;
using CSMultiConnector.Portal.Auth;
using CSMultiConnector.Portal.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace CSMultiConnector.Host.Tests.Api;

/// <summary>The API on a real port with a control plane that does as the test says, and a data folder by which the commands find it.</summary>
internal sealed class PortalWorld : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PortalWorld(WebApplication app, TempFolder folder, string token)
    {
        _app = app;
        Folder = folder;
        Token = token;
        Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public Uri Url { get; }

    public string Token { get; }

    public TempFolder Folder { get; }

    public FakeControlPlane Control => (FakeControlPlane)_app.Services.GetRequiredService<IControlPlane>();

    public FakeFacts Facts => (FakeFacts)_app.Services.GetRequiredService<IHostFacts>();

    public FakeClients Clients => (FakeClients)_app.Services.GetRequiredService<IFeedClientAdministration>();

    public FakeExplanations Explanations => (FakeExplanations)_app.Services.GetRequiredService<IExplanations>();

    public static async Task<PortalWorld> StartAsync()
    {
        var token = ApiToken.Generate();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IControlPlane>(new FakeControlPlane());
        builder.Services.AddSingleton<IFeedClientAdministration>(new FakeClients());
        builder.Services.AddSingleton<IExplanations>(new FakeExplanations());
        builder.Services.AddSingleton<IHostFacts>(new FakeFacts());
        builder.Services.AddSingleton(new ApiToken(token));
        builder.Services.AddRoutingCore();
        builder.Services.AddPortal();
        builder.WebHost.UseKestrelCore();
        HostBuilding.Listen(builder.WebHost, new Listener(IPAddress.Loopback, 0, null), null);
        var app = builder.Build();
        app.UseRouting();
        app.MapPortal();
        await app.StartAsync();
        var world = new PortalWorld(app, new TempFolder(), token);
        File.WriteAllText(ApiEndpoint.PathIn(world.Folder.Path), new ApiEndpoint(world.Url.ToString(), Environment.ProcessId, null).ToJson());
        File.WriteAllText(Path.Combine(world.Folder.Path, "api-token"), token);
        return world;
    }

    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {token ?? Token}");
        return client;
    }

    /// <summary>Runs a command line against this host.</summary>
    public Task<CliRun> RunAsync(params string[] args) => CliRun.OfAsync(Folder.Path, "", [.. args, "--data", Folder.Path]);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Folder.Dispose();
    }

}

internal sealed class FakeFacts : IHostFacts
{
    public string Feed { get; set; } = "127.0.0.1:5555";

    public HostDto Describe() => new("1.2.3", 42, Samples.Noon, "/data", Feed);
}

internal sealed class FakeClients : IFeedClientAdministration
{
    public List<ClientDto> Known { get; } = [];

    public string? LastSecret { get; private set; }

    public Task<IReadOnlyList<ClientDto>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ClientDto>>(Known);

    public Task<(CommandResult Result, AddedClientDto? Added)> AddAsync(string client, string? secret, CancellationToken cancellation)
    {
        if (Known.Any(c => c.Client == client)) return Task.FromResult<(CommandResult, AddedClientDto?)>((CommandResult.Conflict($"{client} exists"), null));
        Known.Add(new ClientDto(client, "local", Samples.Noon, false));
        LastSecret = secret;
        return Task.FromResult<(CommandResult, AddedClientDto?)>((CommandResult.Done(""), new AddedClientDto(client, secret ?? "generated")));
    }

    public Task<CommandResult> RevokeAsync(string client, CancellationToken cancellation) =>
        Task.FromResult(Known.RemoveAll(c => c.Client == client) > 0 ? CommandResult.Done("revoked") : CommandResult.NotFound($"no {client}"));
}

internal sealed class FakeExplanations : IExplanations
{
    public ExplanationDto? Next { get; set; }

    public (ConnectorId Connector, LegId Leg, int Orders)? Asked { get; private set; }

    public Task<ExplanationDto?> ExplainAsync(ConnectorId connector, LegId leg, int orders, CancellationToken cancellation)
    {
        Asked = (connector, leg, orders);
        return Task.FromResult(Next);
    }
}
