using Akka.Actor;
using Akka.Hosting;
using CSMultiConnector.Feeds.Terminal;

namespace CSMultiConnector.Actors.Terminals;

/// <summary>The terminal server's door to the terminals.</summary>
public sealed class TerminalHub(IRequiredActor<TerminalsActor> terminals) : ITerminalHub
{
    // Below the feed protocol's time for a login, so that the terminal hears a reason instead of a dead line.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public async Task<SessionAdmission> AdmitAsync(TerminalLogin login, ITerminalSession session, CancellationToken cancellation)
    {
        var target = await terminals.GetAsync(cancellation);
        try
        {
            return await target.Ask<SessionAdmission>(new Admit(login, session), s_patience, cancellation);
        }
        catch (AskTimeoutException)
        {
            Abandon();
            return new SessionAdmission.Unavailable("The host is still starting; try again in a moment.");
        }
        catch (OperationCanceledException)
        {
            Abandon();
            throw;
        }

        // Nobody will say that this session is over: one that is admitted late would keep others out for ever.
        void Abandon() => target.Tell(new AdmissionAbandoned(login.Terminal, session.SessionId), ActorRefs.NoSender);
    }
}
