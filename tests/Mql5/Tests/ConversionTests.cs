using CSMultiConnector.Mql5.Toolchain;

namespace CSMultiConnector.Mql5.Tests;

/// <summary>What MQL5 refuses or warns about and the C++ side sees: types and conversions.</summary>
public sealed class ConversionTests
{
    public static TheoryData<string, string> Pairs { get; } = new()
    {
        { "int F(long a) { return(a); }", "int F(long a) { return((int)a); }" },
        { "long F(double a) { return(a); }", "long F(double a) { return((long)a); }" },
        { "double F(long a) { return(a); }", "double F(long a) { return((double)a); }" },
        { "ulong F(long a) { return(a); }", "ulong F(long a) { return((ulong)a); }" },
        { "uchar F(int a) { return(a); }", "uchar F(int a) { return((uchar)a); }" },
        { "bool F(int a,uint b) { return(a<b); }", "bool F(int a,uint b) { return((uint)a<b); }" },
        { "string F(int a) { return(\"a\"+a); }", "string F(int a) { return(\"a\"+IntegerToString(a)); }" },
        { "string F(string s) { s+=1; return(s); }", "string F(string s) { s+=\"1\"; return(s); }" },
        { "string F() { return(5); }", "string F() { return((string)5); }" },
        { "string F(string s) { return(s+'a'); }", "string F(string s) { return(s+ShortToString('a')); }" },
        { "enum EState { STATE_A }; EState F() { return(0); }", "enum EState { STATE_A }; EState F() { return((EState)0); }" },
        { "void F() { uchar a[4]; ArrayResize(b,8); }", "void F() { uchar b[]; ArrayResize(b,8); }" },
        { "int F(const string s) { string t=s; int n=1; if(n>0) { int n=2; return(n); } return(StringLen(t)); }", "int F(const string s) { string t=s; int n=1; if(n>0) { int m=2; return(m); } return(n+StringLen(t)); }" },
        { "class CA { public: int F() { return(m_b); } };", "class CA { int m_b; public: CA() { m_b=0; } int F() { return(m_b); } };" },
    };

    public static IEnumerable<object[]> Numbers() => Enumerable.Range(0, Pairs.Count).Select(i => new object[] { i });

    [CppTheory]
    [MemberData(nameof(Numbers))]
    public async Task What_would_be_a_warning_is_an_error(int pair)
    {
        var (bad, good) = ((string)Pairs.ElementAt(pair)[0], (string)Pairs.ElementAt(pair)[1]);

        (await CheckAsync(bad)).ShouldNotBeNull(bad);
        (await CheckAsync(good)).ShouldBeNull(good);
    }

    private static async Task<string?> CheckAsync(string source)
    {
        var folder = Directory.CreateTempSubdirectory("csmc-mql5-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "Include"));
            var file = Path.Combine(folder.FullName, "Include", "Test.mqh");
            File.WriteAllText(file, source + "\n");
            return await new Build(BuildPlaces.Default(folder.FullName, "snippets")).CheckAsync([file]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
