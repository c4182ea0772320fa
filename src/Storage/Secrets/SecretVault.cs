using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using CSMultiConnector.Storage.Folder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace CSMultiConnector.Storage.Secrets;

/// <summary>Encrypts what is secret before it is stored. What was sealed for one owner cannot be opened for another.</summary>
public sealed class SecretVault : IDisposable
{
    private readonly IDataProtector _protector;
    private readonly ServiceProvider? _services;

    /// <summary>A vault over a key ring that is registered elsewhere.</summary>
    public SecretVault(IDataProtectionProvider provider) => _protector = provider.CreateProtector("CSMultiConnector.Storage", "v1");

    private SecretVault(ServiceProvider services)
        : this(services.GetRequiredService<IDataProtectionProvider>()) => _services = services;

    /// <summary>A vault over the folder's key ring. Problem: the ring was made with another master key.</summary>
    public static StoreResult<SecretVault> Open(DataFolder folder, MasterKey master)
    {
        if (KeyRing.Check(folder, master) is { } problem) return problem;
        var services = new ServiceCollection();
        services.AddKeyRing(folder, master);
        return new SecretVault(services.BuildServiceProvider());
    }

    /// <inheritdoc/>
    public void Dispose() => _services?.Dispose();

    internal byte[] Seal(SecretText secret, params string[] owner) =>
        _protector.CreateProtector(owner).Protect(Encoding.UTF8.GetBytes(secret.Reveal()));

    internal bool TryOpen(byte[] sealedBytes, [NotNullWhen(true)] out SecretText? secret, params string[] owner)
    {
        try
        {
            secret = new SecretText(Encoding.UTF8.GetString(_protector.CreateProtector(owner).Unprotect(sealedBytes)));
            return true;
        }
        catch (CryptographicException)
        {
            secret = null;
            return false;
        }
    }
}
