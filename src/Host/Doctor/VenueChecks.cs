using System.Collections.Immutable;
using CSMultiConnector.Domain.Instruments;
using CSMultiConnector.Host.Composition;
using CSMultiConnector.Storage.Exchange;
using CSMultiConnector.Storage.Secrets;
using CSMultiConnector.Venues;

namespace CSMultiConnector.Host.Doctor;

/// <summary>
/// Checks of the venues' accounts while no host runs (a running one says what it found): does the key work, may it trade, may it do too much, how is the account kept.
/// For connectors of a file whose keys stand there or in an environment variable; stored ones are sealed until the host opens them.
/// </summary>
internal static class VenueChecks
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Finding>> OfAsync(
        string file, VenueCatalog venues, IReadOnlyDictionary<string, string> variables, TimeProvider time, CancellationToken cancellation)
    {
        // What is wrong with the file itself is told by the check of the file.
        var (connectors, problem) = ConnectorsFile.Read(file, venues);
        if (problem is not null) return [];
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var entry in connectors.Where(c => c.Settings.Enabled && venues.Find(c.Settings.Venue) is { NeedsCredentials: true }))
        {
            if (Credentials(entry, variables, out var missing) is { } credentials) findings.AddRange(await LookAsync(entry, credentials, venues, time, cancellation));
            else if (missing is not null) findings.Add(missing);
        }

        return findings.ToImmutable();
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(
        ConnectorEntry entry, ConnectorCredentials credentials, VenueCatalog venues, TimeProvider time, CancellationToken cancellation)
    {
        var check = Check(entry);
        await using var gateway = venues.Create(entry.Settings, VenueGateways.Of(credentials), new VenueServices(time));
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var answer = await gateway.ConnectAsync(either.Token);
            if (!answer.IsSuccess)
            {
                return [Finding.Error(check, answer.Failure.Text, answer.Failure.Kind == FailureKind.Account
                    ? "Look at the key, its permissions and its allowed addresses at the venue."
                    : "Look at the network, the address and the venue's status page.")];
            }

            var account = answer.Value;
            var mode = account.PositionMode == PositionMode.Hedge ? "in hedge mode: for hedging terminals" : "with one position an instrument: for netting terminals, or with allowNetting";
            return [Finding.Fine(check, $"the key opens account {account.AccountId}, {mode}"), .. account.Warnings.Select(w => Finding.Warning(check, w, ""))];
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return [Finding.Error(check, $"the venue did not answer within {s_patience.TotalSeconds} s.", "Look at the network, the address and the venue's status page.")];
        }
    }

    private static ConnectorCredentials? Credentials(ConnectorEntry entry, IReadOnlyDictionary<string, string> variables, out Finding? missing)
    {
        missing = null;
        switch (entry.Credentials)
        {
            case CredentialsSource.Given given:
                return given.Credentials;
            case CredentialsSource.FromEnvironment { Variable: var name }:
                var reason = "it is not set.";
                if (variables.TryGetValue(name, out var text) && CredentialsText.TryParse(text, out var credentials, out reason)) return credentials;
                missing = Finding.Error(Check(entry), $"its credentials are to come from the environment variable {name}: {reason}", "Set it to the JSON object that \"credentials\" would be.");
                return null;
            default:
                return null;
        }
    }

    private static string Check(ConnectorEntry entry) => $"venue account of {entry.Settings.Id}";
}
