using CSMultiConnector.Portal.Auth;
using CSMultiConnector.Storage;
using CSMultiConnector.Storage.Folder;

namespace CSMultiConnector.Host.Composition;

/// <summary>The API's token in the data folder: made at the first start, readable by its owner only.</summary>
internal static class ApiTokenFile
{
    private const int LeastDistinct = 10;

    /// <summary>The token, or why the one found is refused.</summary>
    public static (string? Token, StoreProblem? Problem) ReadOrMake(DataFolder folder)
    {
        var path = folder.ApiTokenPath;
        try
        {
            if (!File.Exists(path)) PrivateFile.WriteAllText(path, ApiToken.Generate());
            var token = File.ReadAllText(path).Trim();
            // A token that somebody put there by hand must not be one that can be guessed.
            if (token.Length >= ApiToken.MinLength && token.Distinct().Count() >= LeastDistinct && token.All(c => c is > ' ' and <= '~')) return (token, null);
            return (null, new StoreProblem(
                StoreProblemKind.Unusable,
                $"The API token in {path} is weak (at least {ApiToken.MinLength} printable characters, {LeastDistinct} of them different): delete the file, a new one is made."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, new StoreProblem(StoreProblemKind.Unusable, $"The API token {path} cannot be read or made: {e.Message}"));
        }
    }
}
