using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("CSMultiConnector.Feeds.Tests")]
