using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CSMultiConnector.Storage.Folder;

namespace CSMultiConnector.Storage.Secrets;

/// <summary>What protects the key ring in the folder <c>keys</c>.</summary>
public abstract record MasterKey
{
    /// <summary>The variable that may hold the master key: base64 of 32 bytes.</summary>
    public const string KeyVariable = "CSMC_MASTER_KEY";

    /// <summary>The variable that may name a file with the master key, for example a container's secret.</summary>
    public const string KeyFileVariable = "CSMC_MASTER_KEY_FILE";

    /// <summary>Length of a master key in bytes.</summary>
    public const int KeyLength = 32;

    private const string DefaultFile = "master.key";

    private MasterKey()
    {
    }

    /// <summary>Says which key it is without telling it: kept beside the ring, so that another key is noticed.</summary>
    internal abstract string Fingerprint { get; }

    /// <summary>
    /// The key from the environment, else from the file named there, else from <c>keys/master.key</c>, made at first use. The last one keeps a
    /// copied database or key ring useless, not a copy of the whole folder.
    /// </summary>
    /// <param name="folder">The open data folder.</param>
    /// <param name="random">Makes a key.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>The key, or Unusable with what is wrong about the one given.</returns>
    public static StoreResult<MasterKey> Locate(DataFolder folder, IRandomSource random, Func<string, string?> variable)
    {
        if (variable(KeyVariable) is { Length: > 0 } given) return Parse(given, $"the environment variable {KeyVariable}");
        if (variable(KeyFileVariable) is { Length: > 0 } named) return ReadFile(named);
        var path = Path.Combine(folder.KeysPath, DefaultFile);
        if (!File.Exists(path))
        {
            var bytes = new byte[KeyLength];
            random.Fill(bytes);
            PrivateFile.WriteAllText(path, Convert.ToBase64String(bytes));
        }

        return ReadFile(path);
    }

    /// <summary>Reads base64 of 32 bytes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">Where it came from, for the error.</param>
    public static StoreResult<MasterKey> Parse(string text, string origin)
    {
        var bytes = new byte[KeyLength];
        if (Convert.TryFromBase64String(text.Trim(), bytes, out var written) && written == KeyLength) return new Symmetric(bytes);
        return new StoreProblem(
            StoreProblemKind.Unusable,
            $"The master key in {origin} is not base64 of {KeyLength} bytes: make one with 'openssl rand -base64 {KeyLength}'.");
    }

    private static StoreResult<MasterKey> ReadFile(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new StoreProblem(StoreProblemKind.Unusable, $"The master key in {path} cannot be read: {e.Message}");
        }
    }

    /// <summary>A key of 32 bytes.</summary>
    public sealed record Symmetric : MasterKey
    {
        private readonly byte[] _key;

        internal Symmetric(byte[] key) => _key = key;

        internal ReadOnlySpan<byte> Key => _key;

        internal override string Fingerprint =>
            $"key {Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes("CSMultiConnector key ring"))[..8])}";

        /// <summary>Never the key.</summary>
        public override string ToString() => "master key";
    }

    /// <summary>A certificate with its private key (RSA).</summary>
    /// <param name="Value">The certificate.</param>
    public sealed record Certificate(X509Certificate2 Value) : MasterKey
    {
        internal override string Fingerprint => $"certificate {Value.GetCertHashString(HashAlgorithmName.SHA256)}";

        /// <summary>Never the key.</summary>
        public override string ToString() => "certificate";
    }
}
