using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace CSMultiConnector.Storage.Secrets;

/// <summary>Encrypts an element of the key ring with the master key: AES-256-GCM, nonce + tag + text in base64.</summary>
internal sealed class MasterKeyXmlEncryptor(MasterKey.Symmetric master) : IXmlEncryptor
{
    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(master.Key, TagLength);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength));
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(sealedBytes)), typeof(MasterKeyXmlDecryptor));
    }
}

/// <summary>Made by Data Protection from the type's name in the key ring; takes the key from the services.</summary>
internal sealed class MasterKeyXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var master = services.GetRequiredService<MasterKey.Symmetric>();
        var sealedBytes = Convert.FromBase64String(encryptedElement.Value);
        var body = sealedBytes.AsSpan(MasterKeyXmlEncryptor.NonceLength);
        var plain = new byte[body.Length - MasterKeyXmlEncryptor.TagLength];
        using var aes = new AesGcm(master.Key, MasterKeyXmlEncryptor.TagLength);
        aes.Decrypt(
            sealedBytes.AsSpan(0, MasterKeyXmlEncryptor.NonceLength),
            body[MasterKeyXmlEncryptor.TagLength..],
            body[..MasterKeyXmlEncryptor.TagLength],
            plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
