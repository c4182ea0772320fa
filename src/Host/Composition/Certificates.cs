using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CSMultiConnector.Host.Configuration;

namespace CSMultiConnector.Host.Composition;

/// <summary>Loads a certificate with its private key.</summary>
internal static class Certificates
{
    /// <summary>The certificate; or what is wrong with the file; or neither, when none is set.</summary>
    public static (X509Certificate2? Certificate, string? Problem) Load(CertificateSettings? settings, string section, TimeProvider time)
    {
        if (settings is null) return (null, null);
        try
        {
            var certificate = Read(settings);
            if (!certificate.HasPrivateKey) return (null, $"{section}:Certificate: {settings.Path} has no private key: name it in {section}:Certificate:KeyPath.");
            if (certificate.NotAfter.ToUniversalTime() < time.GetUtcNow().UtcDateTime)
                return (null, $"{section}:Certificate: {settings.Path} ended on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}: get a new one.");
            return (certificate, null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return (null, $"{section}:Certificate: {settings.Path} cannot be used (a PFX file with its password, or PEM files): {e.Message}");
        }
    }

    private static X509Certificate2 Read(CertificateSettings settings)
    {
        var pem = Path.GetExtension(settings.Path) is ".pem" or ".crt" or ".cer";
        if (!pem) return X509CertificateLoader.LoadPkcs12FromFile(settings.Path, settings.Password);
        var key = settings.KeyPath ?? settings.Path;
        return settings.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(settings.Path, password, key)
            : X509Certificate2.CreateFromPemFile(settings.Path, key);
    }
}
