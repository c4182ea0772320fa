using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CSMultiConnector.Host.ApiClient;
using CSMultiConnector.Storage.Folder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CSMultiConnector.Host.Composition;

/// <summary>The file by which the commands find the API of a data folder's host; it goes with the host.</summary>
internal static class PublishedApi
{
    /// <summary>Writes down where the started host listens.</summary>
    public static Uri Publish(IHost host, DataFolder folder, X509Certificate2? certificate)
    {
        var addresses = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var api = new Uri(addresses.First());
        var digest = certificate is null ? null : Convert.ToHexString(SHA256.HashData(certificate.RawData));
        PrivateFile.WriteAllText(ApiEndpoint.PathIn(folder.Root), new ApiEndpoint(api.ToString(), Environment.ProcessId, digest).ToJson());
        return api;
    }

    public static void Withdraw(DataFolder folder) => File.Delete(ApiEndpoint.PathIn(folder.Root));
}
