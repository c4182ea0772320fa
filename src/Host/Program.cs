using System.Runtime.InteropServices;
using CSMultiConnector.Host.Cli;

namespace CSMultiConnector.Host;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        using var stop = new CancellationTokenSource();
        var signals = 0;
        void OnSignal(PosixSignalContext context)
        {
            // The first signal asks for a graceful end; a second one is left to the system, which ends the process.
            if (Interlocked.Increment(ref signals) > 1) return;
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        return await CommandLineApp.RunAsync(args, CommandEnvironment.OfProcess(), stop.Token);
    }
}
