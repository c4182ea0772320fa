using CSMultiConnector.Mql5.Toolchain;

namespace CSMultiConnector.Mql5.Tests;

/// <summary>MQL5 to C++, rule by rule.</summary>
public sealed class TransformTests
{
    [Theory]
    [InlineData("string s=\"a\\n\";", "mt::S(u\"a\\n\")")]
    [InlineData("const ushort c='x';", "mt::Character(u'x')")]
    [InlineData("const datetime d=D'2024.01.31 12:30:27';", "datetime(1706704227L)")]
    [InlineData("const datetime d=D'2024.01.31';", "datetime(1706659200L)")]
    [InlineData("const color c=C'255,0,128';", "color(8388863)")]
    [InlineData("const ulong u=18446744073709551615;", "18446744073709551615UL")]
    [InlineData("const long l=9223372036854775807;", "9223372036854775807;")]
    [InlineData("const string s=NULL;", "mt::Null")]
    [InlineData("#include <CSMultiConnector\\Lots.mqh>", "#include <CSMultiConnector/Lots.mqh>")]
    [InlineData("#define NAME \"x\"", "#define NAME mt::S(u\"x\")")]
    public void Literals_and_includes(string source, string made) => Cpp(source).ShouldContain(made);

    [Theory]
    [InlineData("class C { uchar m_buffer[]; };", "Arr<uchar> m_buffer;")]
    [InlineData("class C { uchar m_buffer[64]; };", "FixArr<uchar,(64)> m_buffer;")]
    [InlineData("class C { uchar m_buffer[SIZE+1]; };", "FixArr<uchar,(SIZE+1)> m_buffer;")]
    [InlineData("void F(const uchar &data[],string &out[]) { }", "inline void F(const Arr<uchar> &data,Arr<string> &out) { }")]
    [InlineData("struct Item { int a; }; class C { Item m_items[]; };", "Arr<Item> m_items;")]
    [InlineData("const int k[]={1,2};", "const Arr<int> k={1,2};")]
    public void Arrays(string source, string made) => Cpp(source).ShouldContain(made);

    [Theory]
    [InlineData("int F(int &a[],int i) { return a[i]; }", "return a[i];")]
    [InlineData("bool F(uchar &b[]) { return (uchar)b[0]==1; }", "(uchar)b[0]==1")]
    public void An_index_is_no_declaration(string source, string made) => Cpp(source).ShouldContain(made);

    [Fact]
    public void Lines_stay_where_they_are()
    {
        var made = Cpp("// one\nclass A\n  {\n  };\n/* two\nthree */\nint F()\n  {\n   return(0);\n  }\n");

        var lines = made[made.IndexOf("#line 1", StringComparison.Ordinal)..].Split('\n');
        lines[2].ShouldBe("class A");
        lines[7].ShouldContain("F()");
        lines[9].ShouldContain("return(0)");
    }

    [Fact]
    public void A_global_is_made_at_load_and_a_constant_stays()
    {
        Cpp("CContext g_context;").ShouldContain("inline mt::Global<CContext> mt_global_g_context([](void *at) { new (at) CContext(); }); inline CContext &g_context=mt_global_g_context.Ref();");
        Cpp("bool g_on=false;").ShouldContain("new (at) bool(false); }); inline bool &g_on=");
        Cpp("const int N=3;").ShouldContain("const int N=3;");
    }

    [Fact]
    public void An_input_keeps_its_name_type_label_and_group()
    {
        var made = Cpp("input group \"Common\"\ninput string Host=\"127.0.0.1\"; // Host \"address\"\n", main: true);

        made.ShouldContain("static mt::Input<string> mt_input_Host(\"Host\",\"string\",\"Host \\\"address\\\"\",\"Common\",mt::S(u\"127.0.0.1\")); static const string &Host=mt_input_Host.Ref();");
    }

    [Fact]
    public void Enumerations_are_printable() =>
        Cpp("enum EState { STATE_A, STATE_B=5 };").ShouldContain("{{static_cast<int>(STATE_A),\"STATE_A\"},{static_cast<int>(STATE_B),\"STATE_B\"}}");

    [Fact]
    public void The_main_file_names_its_handlers_and_properties()
    {
        var made = Cpp("#property version \"1.00\"\nint OnInit() { return(0); }\nvoid OnTimer() { }\n", main: true);

        made.ShouldContain("h.OnInit=&::OnInit; h.OnTimer=&::OnTimer;");
        made.ShouldContain("if (key==\"version\") return \"1.00\";");
    }

    [Theory]
    [InlineData("int a[2][3];", "array-2d")]
    [InlineData("class C { int a[],b[]; };", "array-list")]
    [InlineData("int g_a,g_b;", "global")]
    [InlineData("int CThing::s_count=0;", "static-member")]
    [InlineData("#import \"x.dll\"", "import")]
    [InlineData("const datetime d=D'yesterday';", "date-literal")]
    public void What_it_cannot_carry_over_it_refuses(string source, string rule) =>
        Transformed(source).Findings.ShouldContain(f => f.Rule == rule);

    private static string Cpp(string source, bool main = false)
    {
        var (text, findings) = Transformed(source, main);
        findings.ShouldBeEmpty();
        return text;
    }

    private static (string Text, IReadOnlyList<Finding> Findings) Transformed(string source, bool main = false)
    {
        var tree = SourceTree.Of((main ? "Experts/X.mq5" : "Include/X.mqh", source));
        return Transform.Run(tree.Files[0], Vocabulary.Of(tree));
    }
}
