using CSMultiConnector.Storage.Folder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace CSMultiConnector.Storage.Secrets;

/// <summary>The Data Protection key ring in <c>keys/</c>, itself encrypted by the master key. Protects stored secrets and sign-in cookies.</summary>
public static class KeyRing
{
    private const string ApplicationName = "CSMultiConnector";
    private const string FingerprintFile = "protected-by";

    /// <summary>Registers the ring: what the web host and <see cref="SecretVault"/> use alike.</summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">The open data folder.</param>
    /// <param name="master">What protects the ring.</param>
    public static IDataProtectionBuilder AddKeyRing(this IServiceCollection services, DataFolder folder, MasterKey master)
    {
        var ring = services.AddDataProtection()
            .SetApplicationName(ApplicationName)
            .PersistKeysToFileSystem(new DirectoryInfo(folder.KeysPath));
        switch (master)
        {
            case MasterKey.Symmetric key:
                services.AddSingleton(key);
                services.Configure<KeyManagementOptions>(options => options.XmlEncryptor = new MasterKeyXmlEncryptor(key));
                break;
            case MasterKey.Certificate certificate:
                ring.ProtectKeysWithCertificate(certificate.Value).UnprotectKeysWithAnyCertificate(certificate.Value);
                break;
        }

        return ring;
    }

    /// <summary>
    /// Refuses another master key than the one that the ring was made with: the ring would silently make itself new keys, and everything
    /// stored would look damaged.
    /// </summary>
    internal static StoreProblem? Check(DataFolder folder, MasterKey master)
    {
        var path = Path.Combine(folder.KeysPath, FingerprintFile);
        if (!File.Exists(path))
        {
            PrivateFile.WriteAllText(path, master.Fingerprint);
            return null;
        }

        var recorded = File.ReadAllText(path).Trim();
        return string.Equals(recorded, master.Fingerprint, StringComparison.Ordinal)
            ? null
            : new StoreProblem(
                StoreProblemKind.Unusable,
                $"The key ring in {folder.KeysPath} is protected by {recorded}, but {master.Fingerprint} was given: start with the master key or certificate that it was made with.");
    }
}
