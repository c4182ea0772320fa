using Xunit.Abstractions;
using Xunit.Sdk;

namespace CSMultiConnector.Venues.Conformance;

/// <summary>What a runner finds in a class.</summary>
internal static class Discovery
{
    /// <summary>The names of the methods that are run as tests, once or more often.</summary>
    internal static async Task<IReadOnlySet<string>> TestsOfAsync(Type tests)
    {
        using var sources = new NoSources();
        using var discoverer = new XunitTestFrameworkDiscoverer(Reflector.Wrap(tests.Assembly), sources, new NullMessageSink());
        var found = new Found();
        discoverer.Find(tests.FullName, includeSourceInformation: false, found, new Options());
        return await found.AllAsync();
    }

    private sealed class Found : LongLivedMarshalByRefObject, IMessageSink
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestCaseDiscoveryMessage found) _names.Add(found.TestCase.TestMethod.Method.Name);
            if (message is IDiscoveryCompleteMessage) _over.TrySetResult();
            return true;
        }

        internal async Task<IReadOnlySet<string>> AllAsync()
        {
            await _over.Task.InTime();
            return _names;
        }
    }

    private sealed class NoSources : LongLivedMarshalByRefObject, ISourceInformationProvider
    {
        public ISourceInformation GetSourceInformation(ITestCase testCase) => throw new NotSupportedException("no sources were asked for");

        public void Dispose()
        {
        }
    }

    private sealed class Options : ITestFrameworkDiscoveryOptions
    {
        public TValue? GetValue<TValue>(string name) => default;

        public void SetValue<TValue>(string name, TValue value)
        {
        }
    }
}
