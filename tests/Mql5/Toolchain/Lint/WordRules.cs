namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Words and signs of C++ that MQL5 does not have, or that the EA does without.</summary>
public static class WordRules
{
    private static readonly HashSet<string> s_forbidden =
        ["new", "delete", "auto", "nullptr", "std", "size_t", "try", "catch", "throw", "goto", "unsigned", "signed", "union", "friend", "mutable", "constexpr", "consteval", "constinit",
         "static_cast", "reinterpret_cast", "const_cast", "dynamic_cast", "typeid", "using", "namespace", "wchar_t", "char16_t", "char32_t", "char8_t", "asm", "volatile", "noexcept",
         "decltype", "concept", "requires", "inline", "explicit", "extern", "register", "restrict", "thread_local", "alignas", "alignof", "co_await", "co_return", "co_yield", "export",
         "module", "static_assert", "typedef", "template", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "and", "or", "not", "xor", "bitand",
         "bitor", "compl", "GetPointer", "CheckPointer", "ArraySetAsSeries", "ArrayAsSeries"];

    public static IEnumerable<Finding> Check(LintFile file)
    {
        for (var i = 0; i < file.Code.Count; i++)
        {
            var token = file.Code[i];
            if (token.Kind == TokenKind.Word)
            {
                if (s_forbidden.Contains(token.Text)) yield return file.At(i, "forbidden-word", $"{token.Text} is not MQL5, or not of the EA's subset");
                if (token.Is("long") && file.IsWord(i + 1) && file.Code[i + 1].Text is "long" or "int" or "double") yield return file.At(i, "forbidden-word", "long is 64 bits and stands alone");
                if (token.Is("short") && file.Is(i + 1, "int")) yield return file.At(i, "forbidden-word", "short stands alone");
                if (token.Text is "default" && file.Is(i - 1, "=")) yield return file.At(i, "defaulted", "no = default");
                continue;
            }
            if (token.Kind != TokenKind.Punctuation) continue;
            switch (token.Text)
            {
                case "->": yield return file.At(i, "arrow", "members are reached by '.'"); break;
                case "...": yield return file.At(i, "ellipsis", "no variable arguments"); break;
                case "*" when file.IsType(i - 1): yield return file.At(i, "pointer", "no pointers: objects are members or globals, passed by reference"); break;
                case "&" when Prefix(file, i): yield return file.At(i, "address-of", "no pointers: objects are passed by reference"); break;
                case "&&" when file.IsType(i - 1): yield return file.At(i, "rvalue-reference", "T && is not MQL5"); break;
                case "&" when file.IsType(i - 1) && file.Is(i + 1, ")") && file.Is(i - 2, "("): yield return file.At(i, "cast-to-reference", "no casts to references"); break;
                case "[" when Lambda(file, i): yield return file.At(i, "lambda", "no lambdas, attributes or structured bindings"); break;
                case ":" when RangeFor(file, i): yield return file.At(i, "range-for", "count with an index"); break;
            }
        }
    }

    private static bool Prefix(LintFile file, int at)
    {
        if (at == 0) return true;
        var before = file.Code[at - 1];
        return before.Kind == TokenKind.Punctuation ? before.Text is not (")" or "]") && !file.IsType(at - 1) : before.Is("return");
    }

    private static bool Lambda(LintFile file, int at)
    {
        if (at == 0) return true;
        var before = file.Code[at - 1];
        return before.Kind == TokenKind.Punctuation ? before.Text is not (")" or "]") : before.Is("return");
    }

    private static bool RangeFor(LintFile file, int at)
    {
        var open = file.Outer(at);
        if (open < 1 || !file.Is(open, "(") || !file.Is(open - 1, "for")) return false;
        return !Enumerable.Range(open, at - open).Any(i => file.Is(i, "?") || file.Is(i, ";"));
    }
}
