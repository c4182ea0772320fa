using CSMultiConnector.Mql5.Toolchain;

namespace CSMultiConnector.Mql5.Tests;

/// <summary>Each rule of the lint: what it catches, and its neighbour that it leaves alone.</summary>
public sealed class LintTests
{
    public static TheoryData<string, string, string> Rules { get; } = new()
    {
        // rule, bad, good
        { "byte-order-mark", "\uFEFFint F();", "int F();" },
        { "not-utf8", "// Gr\uFFFDn", "// Grün" },
        { "carriage-return", "int F();\r\n", "int F();\n" },
        { "tab", "\tint F();", "   int F();" },
        { "adjacent-text", "string F() { return(\"a\" \"b\"); }", "string F() { return(\"a\"+\"b\"); }" },
        { "identifier-length", $"int {new string('x', 64)};", $"int {new string('x', 63)};" },
        { "identifier-ascii", "int grün;", "int gruen; // grün" },
        { "unclosed-literal", "string F() { return(\"a); }", "string F() { return(\"a\"); }" },
        { "escape", "string F() { return(\"\\x41\"); }", "string F() { return(\"\\n\\\\\\\"\"); }" },
        { "escape", "string F() { return(\"a\\0\"); }", "string F() { return(\"a\\t\"); }" },
        { "character", "ushort F() { return('ab'); }", "ushort F() { return('\\n'); }" },
        { "number-suffix", "long F() { return(5L); }", "long F() { return(0xFF); }" },
        { "number-suffix", "uint F() { return(5u); }", "double F() { return(1e-8); }" },
        { "octal", "int F() { return(010); }", "double F() { return(0.10); }" },

        { "forbidden-word", "void F() { auto x=1; }", "void F() { int x=1; G(x); }" },
        { "forbidden-word", "void F(CThing &t) { delete t; }", "void F(CThing &t) { t.Reset(); }" },
        { "forbidden-word", "std::string F();", "string F();" },
        { "forbidden-word", "long long F();", "long F();" },
        { "forbidden-word", "unsigned F();", "uint F();" },
        { "forbidden-word", "int F() { return(static_cast<int>(1.0)); }", "int F() { return((int)1.0); }" },
        { "defaulted", "class C { public: C()=default; };", "class C { public: C() { } };" },
        { "arrow", "int F(CThing &t) { return(t->a); }", "int F(CThing &t) { return(t.a); }" },
        { "ellipsis", "void F(...) { }", "void F(int a) { }" },
        { "pointer", "class C { int *m_p; };", "int F(int a,int b) { return(a*b); }" },
        { "address-of", "void F(int &a) { G(&a); }", "int F(int a,int b) { return(a&b); }" },
        { "rvalue-reference", "void F(string &&s) { }", "bool F(bool a,bool b) { return(a && b); }" },
        { "cast-to-reference", "void F(uchar &a[]) { G((uchar &)a); }", "void F(long a) { G((uchar)a); }" },
        { "lambda", "void F() { G([](int a) { return a; }); }", "int F(int &a[]) { return(a[0]); }" },
        { "range-for", "void F(int &a[]) { for(int x : a) G(x); }", "void F(int &a[]) { for(int i=0; i<3; i++) G(a[i]>0 ? 1 : 2); }" },

        { "directive", "#if VERSION\n#endif\n", "#ifdef VERSION\n#else\n#endif\n" },
        { "directive", "#pragma once\n", "#ifndef X\n#define X\n#endif\n" },
        { "directive", "#define HAS defined(X)\n", "#define HAS 1\n" },
        { "macro-parameters", "#define M(a,b,c,d,e,f,g,h,i) a\n", "#define M(a,b,c,d,e,f,g,h) a\n" },
        { "import", "#import \"x.dll\"\n", "// no import\n" },
        { "include", "#include <CSMultiConnector/None.mqh>\n", "#include <Test.mqh>\n" },
        { "include", "#include \"../Test.mqh\"\n", "#include \"Test.mqh\"\n" },
        { "include", "#include <test.mqh>\n", "#include <Test.mqh>\n" },
        { "property-outside-main", "#property version \"1.00\"\n", "// version 1.00\n" },

        { "const-order", "void F(string const &s) { }", "void F(const string &s) { }" },
        { "static-local", "void F() { static int n=0; n++; }", "void F() { int n=0; n++; }" },
        { "string-switch", "void F(string s) { switch(s) { case \"a\": G(); } }", "void F(int s) { switch(s) { case 1: G(\"a\"); } }" },
        { "case-variable", "void F(int s) { switch(s) { case 1: int x=2; G(x); } }", "void F(int s) { switch(s) { case 1: { int x=2; G(x); } } }" },
        { "reference-returned", "class C { int &At(int i) { return(m_a[i]); } };", "class C { int At(int i) { return(m_a[i]); } };" },
        { "reference-variable", "void F(CThing &t) { CThing &u=t; }", "void F(CThing &t,int &n) { n=t.a; }" },
        { "reference-variable", "class C { CThing &m_thing; };", "class C { CThing m_thing; };" },
        { "brace-initialiser", "void F() { int x{5}; G(x); }", "void F() { int x=5; G(x); }" },
        { "brace-initialiser", "class CThing { }; void F() { CThing t={1}; }", "struct SThing { int a; }; void F() { SThing t={1}; G(t); }" },
        { "reserved-name", "void F(string group) { }", "void F(string groups) { }" },
        { "reserved-name", "class input { };", "class CInput { };" },
        { "built-in-name", "void Print(string s) { }", "void PrintLine(string s) { }" },
        { "built-in-name", "void F() { double log=1; G(log); }", "class C { CLog log; }; class CLog { };" },
        { "built-in-name", "void F() { int DEAL_KIND=1; G(DEAL_KIND); }", "void F() { int kind=1; G(kind); }" },

        { "last-return", "int F(int a) { switch(a) { case 1: return(2); default: return(3); } }", "int F(int a) { switch(a) { case 1: return(2); } return(3); }" },
        { "last-return", "class C { public: bool F(int a) const { if(a>0) return(true); else return(false); } };", "class C { public: bool F(int a) const { if(a>0) return(true); return(false); } };" },
        { "last-return", "int F(int a) { while(a<9) return(a); }", "void F(int a) { while(a<9) a++; }" },
        { "unused-variable", "void F() { string s=\"\"; }", "void F() { string s=\"\"; G(s); }" },
        { "unused-variable", "void F(int a) { if(a>0) { CThing t; } }", "void F(int a) { if(a>0) { CThing t; G(t); } }" },
        { "unused-variable", "void F() { long ids[]; G(); }", "void F() { long ids[]; G(ids); for(int i=0; i<3; i++) G(); }" },
        { "empty-statement", "void F(int a) { if(a>0); G(); }", "void F(int a) { do { a++; } while(a<3); }" },
        { "empty-statement", "void F(int a) { if(a>0) G(); else; }", "void F(int a) { if(a>0) G(); else H(); }" },
        { "condition-declaration", "void F() { if(int a=G()) H(a); }", "void F(long b) { if((int)b>0) H(b); }" },
        { "number-as-condition", "bool F() { return(!TerminalInfoInteger(TERMINAL_CONNECTED)); }", "bool F() { return(TerminalInfoInteger(TERMINAL_CONNECTED)==0); }" },
        { "number-as-condition", "void F(string s) { if(StringLen(s)) G(); }", "void F(string s) { if(StringLen(s)>0) G(); }" },
        { "array-assignment", "void F(const int &a[]) { int b[]; b=a; G(b); }", "void F(const int &a[]) { int b[]; ArrayCopy(b,a); b[0]=1; G(b); }" },

        { "enum-class", "enum class EState { A };", "enum EState { A };" },
        { "enum-class", "enum EState : int { A };", "enum EState { A=1 };" },
        { "enum-unnamed", "enum { A };", "enum EState { A };" },
        { "nested-class", "class C { class D { }; };", "class C { }; class D { };" },
        { "multiple-inheritance", "class A { }; class B { }; class C : public A, public B { };", "class A { }; class C : public A { };" },
        { "member-default", "class C { int m_a=1; };", "class C { int m_a; public: C() { m_a=1; } };" },
        { "member-default", "class C { bool m_a=false; void F(int b=1); };", "class C { void F(int b=1); };" },
        { "uninitialised-member", "class C { int m_a; public: C() { } };", "class C { int m_a; public: C() { Reset(); } void Reset() { m_a=1; } };" },
        { "uninitialised-member", "class C { int m_a; bool m_b; public: C() : m_b(true) { } };", "class C { int m_a; public: C() : m_a(1) { } };" },
        { "uninitialised-member", "class C { ulong m_a; public: C(); }; C::C() { }", "class C { ulong m_a; public: C(); }; C::C() { m_a=0; }" },
        { "uninitialised-member", "class C { ulong m_a; };", "class C { string m_a; };" },
        { "method-hides", "class A { public: int F() { return(1); } }; class C : public A { public: int F() { return(2); } };", "class A { public: int F() { return(1); } }; class C : public A { public: int G() { return(2); } };" },

        { "string-compare", "bool F(string s) { return(s==\"\"); }", "bool F(string s) { return(StringLen(s)==0); }" },
        { "string-compare", "bool F(string s) { return(s!=NULL); }", "bool F(string s) { return(s!=\"a\"); }" },
        { "on-tick", "void OnTick() { F(); G(); }", "void OnTick() { KeepTimer(); }" },
        { "argument-order", "void F(int i) { G(i++,i); }", "void F(int i) { i++; G(i,i); }" },
        { "sleep", "void F() { Sleep(10); }", "void F() { Sleepy(10); }" },
        { "code-page", "void F(uchar &a[]) { StringToCharArray(\"x\",a); }", "void F(uchar &a[]) { StringToCharArray(\"x\",a,0,WHOLE_ARRAY,CP_UTF8); }" },
        { "code-page", "string F(uchar &a[]) { return(CharArrayToString(a,0,5)); }", "string F(uchar &a[]) { return(CharArrayToString(a,0,5,CP_UTF8)); }" },
        { "code-page", "int F() { return(FileOpen(\"x\",FILE_READ|FILE_TXT|FILE_ANSI)); }", "int F() { return(FileOpen(\"x\",FILE_READ|FILE_TXT|FILE_ANSI,0,CP_UTF8)); }" },
        { "time-current", "datetime F() { return(TimeCurrent()); }", "datetime F() { return(TimeTradeServer()); }" },
        { "tick-count", "ulong F() { return(GetTickCount()); }", "ulong F() { return(GetTickCount64()); }" },
        { "blocking-read", "int F(uchar &a[]) { return(SocketTlsRead(1,a,5)); }", "int F(uchar &a[]) { return(SocketTlsReadAvailable(1,a,5)); }" },
        { "format", "string F() { return(StringFormat(\"%d %s\",1)); }", "string F() { return(StringFormat(\"%d %%\",1)); }" },
        { "endless-loop", "void F() { while(true) G(); }", "void F() { while(!IsStopped()) G(); }" },
        { "endless-loop", "void F() { for(;;) { G(); } }", "void F() { for(;;) { if(IsStopped()) break; } }" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_catches_the_bad_and_leaves_the_good_alone(string rule, string bad, string good)
    {
        Found(bad).ShouldContain(rule, bad);
        Found(good).ShouldBeEmpty(good);
    }

    [Theory]
    [InlineData("input-label", "input int A=1;\n", "input int A=1; // Label\n")]
    [InlineData("input-label", "input int A=1; // 0123456789012345678901234567890123456789012345678901234567890123\n", "input int A=1; // 012345678901234567890123456789012345678901234567890123456789012\n")]
    [InlineData("input-form", "input int A; // Label\n", "input int A=0; // Label\n")]
    [InlineData("input-form", "input string A=NULL; // Label\n", "input string A=\"\"; // Label\n")]
    [InlineData("input-type", "class CThing { };\ninput CThing A=1; // Label\n", "enum EThing { THING };\ninput EThing A=THING; // Label\n")]
    [InlineData("property", "#property version \"1.0.0\"\n", "#property version \"1.00\"\n")]
    [InlineData("property", "#property strict\n", "#property link \"https://example.org\"\n")]
    public void Rules_of_the_main_file(string rule, string bad, string good)
    {
        Found(bad, main: true).ShouldContain(rule, bad);
        Found(good, main: true).ShouldBeEmpty(good);
    }

    [Fact]
    public void Limits_of_texts()
    {
        Found($"input string Name=\"{new string('x', 251)}\"; // Label\n", main: true).ShouldContain("input-length");
        Found($"input string Name=\"{new string('x', 250)}\"; // Label\n", main: true).ShouldBeEmpty();
        Found($"#property description \"{new string('x', 300)}\"\n#property description \"{new string('x', 212)}\"\n", main: true).ShouldContain("property");
        Found($"#property description \"{new string('x', 300)}\"\n#property description \"{new string('x', 211)}\"\n", main: true).ShouldBeEmpty();
        Found("input int A=1; // Label\n").ShouldContain("input-outside-main");
    }

    [Fact]
    public void The_expert_advisor_has_nothing_to_find()
    {
        var tree = SourceTree.Read(BuildPlaces.Default().Mql5);

        tree.Files.ShouldNotBeEmpty();
        Lint.Run(tree).ShouldBeEmpty();
    }

    private static List<string> Found(string source, bool main = false)
    {
        const string Thing = "struct SThing0 { int a; };";
        var tree = SourceTree.Of((main ? "Experts/Test.mq5" : "Include/Test.mqh", source), ("Include/Thing.mqh", Thing),
            ("Include/CThing.mqh", source.Contains("class CThing", StringComparison.Ordinal) ? "" : "class CThing { public: int a; CThing() { a=0; } void Reset() { a=0; } };"));
        return [.. Lint.Run(tree).Select(f => f.Rule)];
    }
}
